"""The statement by heart, its words fading step by step, and today's recall."""

import ipywidgets as widgets

from visionquiz.views import charts
from visionquiz.views._parts import page, style
from visionquiz.views.lesson._frame import ActivityView
from visionquiz.views.practice import show_fading, show_today

__all__ = ["PracticeView"]


class PracticeView(ActivityView):
    """Both ways to practise. What was written stays with the learner; the room learns how many recalled how much."""

    def build(self) -> list[widgets.Widget]:
        folder = str(self.classroom.folder)
        self.fading = show_fading(self.classroom.vision, folder)
        self.today = show_today(self.classroom.vision, folder)
        self.figures = widgets.HTML()
        self.fading.recall.result.observe(lambda _: self._on_recall(), "value")
        return [style(charts.CSS), page(self.fading), self.figures, page(self.today)]

    def _on_recall(self) -> None:
        grade = self.fading.recall.grade
        if self.fading.recall.is_checked and grade is not None:
            self.share({"level": grade.level})
            self.finish()

    def refresh(self) -> None:
        room = self.classroom.room
        if room.alone or not self.may_look:
            self.figures.value = ""
            return
        levels = [one.body.get("level") for one in room.shown(self.activity.id)]
        known = [one for one in levels if isinstance(one, int) and not isinstance(one, bool) and 0 <= one <= 3]
        names = ("Little came back", "A part came back", "Nearly all came back", "All of it came back")
        marks = [charts.Bar(label=name, value=known.count(level)) for level, name in enumerate(names)]
        title = f"The room: {len(known)} {'recall' if len(known) == 1 else 'recalls'}"
        self.figures.value = charts.bars(title, marks, top=max(1, len(known)))
