"""How the items of a check moved since an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass

from visionquiz.quality.figures import ENOUGH, Item, Quality
from visionquiz.stats import difference_interval

__all__ = ["Drift", "drift_since", "earlier_quality"]


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One item then and now; means are shares of the points, 0..1."""

    label: str
    before: float
    now: float
    low: float | None
    high: float | None
    """From where to where the change probably lies (95 %); None where fewer than `ENOUGH` people answered one time."""
    same_wording: bool
    """Whether it was asked with the same words."""

    @property
    def change(self) -> float:
        """How much easier it got; below 0, harder."""
        return self.now - self.before

    @property
    def clear(self) -> bool:
        """Whether it is more than chance would give, for this item alone."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def earlier_quality(quality: Quality, qualities: Sequence[Quality]) -> Quality | None:
    """That of the check that was published last before this one, with questions of the same kinds."""
    kinds = {item.kind for item in quality.items}
    before = [
        one
        for one in qualities
        if one.quiz != quality.quiz and one.published < quality.published and kinds & {item.kind for item in one.items}
    ]
    return max(before, key=lambda one: one.published, default=None)


def drift_since(quality: Quality, before: Quality) -> tuple[Drift, ...]:
    """The items that both checks asked, as far as somebody answered: scenarios by id, of each other kind the first."""
    then = {_place(item): item for item in reversed(before.items)}
    found = []
    for item in quality.items:
        old = then.pop(_place(item), None)
        if old and old.mean is not None and item.mean is not None:
            low, high = _interval(old, item)
            found.append(
                Drift(
                    label=item.label,
                    before=old.mean,
                    now=item.mean,
                    low=low,
                    high=high,
                    same_wording=item.wording == old.wording,
                )
            )
    return tuple(found)


def _place(item: Item) -> str:
    return f"scenario {item.id}" if item.kind == "scenario" else item.kind


def _interval(old: Item, new: Item) -> tuple[float | None, float | None]:
    if min(old.people, new.people) < ENOUGH:
        return None, None
    then, now = (old.mean or 0.0, old.spread or 0.0, old.people), (new.mean or 0.0, new.spread or 0.0, new.people)
    return difference_interval(then, now)
