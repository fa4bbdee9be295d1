"""A team to choose; rules say who is missing and why it matters."""

from html import escape

import ipywidgets as widgets

from visionquiz.staffing import check_team, read_team
from visionquiz.views import charts
from visionquiz.views._parts import note, page, row, style
from visionquiz.views.lesson._frame import ActivityView

__all__ = ["PickView"]

CSS = """
.vql .people { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); gap: .2rem 1rem; }
.vql .people > * { min-width: 0; align-self: start; }
.vql .people .widget-checkbox label { align-items: flex-start; }
.vqf.vql .people .widget-checkbox input[type=checkbox] { align-self: flex-start; margin-top: .2rem; }
.vql .rules { list-style: none; padding: 0; }
.vql .rules li { margin: .4rem 0; }
"""


class PickView(ActivityView):
    """A box to tick for each person. How many of whom the team has shows at every tick; reasons once it is decided."""

    def build(self) -> list[widgets.Widget]:
        before = read_team(self.classroom.room.mine(self.activity.id).get("", {}), self._ids())
        self.boxes = {
            card.id: widgets.Checkbox(
                description=f"{card.text} ({card.by})" if card.by else card.text, value=card.id in before, indent=False
            )
            for card in self.activity.cards
        }
        self.decide = widgets.Button(description="That is my team", button_style="primary")
        self.rules, self.told, self.others = widgets.HTML(), widgets.HTML(), widgets.HTML()
        for box in self.boxes.values():
            box.observe(self._on_tick, "value")
        self.decide.on_click(lambda _: self.judge())
        people = page(*self.boxes.values())
        people.add_class("people")
        self._on_tick()
        return [style(charts.CSS + CSS), people, row(self.decide), self.told, self.rules, self.others]

    @property
    def picked(self) -> tuple[str, ...]:
        """Ids of who is in the team now."""
        return tuple(ident for ident, box in self.boxes.items() if box.value)

    def judge(self) -> None:
        """Share the team, and say which rules it meets and why each is there."""
        if not self.share({"picked": list(self.picked)}):
            return
        found = check_team(self.activity.cards, self.activity.bins, self.picked)
        met = sum(one.is_met for one in found)
        self._draw_rules(reasons=True)
        if met < len(found):
            self.told.value = note(f"This team meets {met} of {len(found)} rules. Each now says why it is there.")
            return
        why = [f"{card.text}: {card.why}" for card in self.activity.cards if card.id in self.picked and card.why]
        more = "".join(f"<li>{escape(line)}</li>" for line in why)
        self.told.value = note(f"This team meets all {len(found)} rules.") + (f"<ul>{more}</ul>" if more else "")
        self.finish()

    def _on_tick(self, _: object = None) -> None:
        self.told.value = ""
        self._draw_rules(reasons=False)

    def _draw_rules(self, *, reasons: bool) -> None:
        lines = []
        for one in check_team(self.activity.cards, self.activity.bins, self.picked):
            mark, word = ("right", "met") if one.is_met else ("other", "not met")
            why = f" {escape(one.rule.hint)}" if reasons else ""
            lines.append(
                f'<li><strong class="{mark}">{escape(one.rule.label)}: {word}</strong> ({escape(one.says)}).{why}</li>'
            )
        self.rules.value = f'<ul class="rules" aria-label="Rules">{"".join(lines)}</ul>'

    def refresh(self) -> None:
        room = self.classroom.room
        if not self.may_look:
            self.others.value = ""
            return
        teams = [team for one in room.shown(self.activity.id) if (team := read_team(one.body, self._ids()))]
        if len(teams) < 2:
            self.others.value = note("Nobody else has a team yet. What they choose comes up by itself.")
            return
        met = [all(one.is_met for one in check_team(self.activity.cards, self.activity.bins, team)) for team in teams]
        who = f"you and {len(teams) - 1} invented people" if room.alone else f"{len(teams)} people"
        says = f"How many of {who} chose each. {sum(met)} of the {len(teams)} teams meet every rule."
        marks = [
            charts.Bar(label=card.text, value=sum(card.id in team for team in teams), note=card.by)
            for card in self.activity.cards
        ]
        marks.sort(key=lambda mark: -(mark.value or 0))
        self.others.value = charts.bars("Whom the room chose", marks, says=says, top=len(teams))

    def _ids(self) -> list[str]:
        return [card.id for card in self.activity.cards]
