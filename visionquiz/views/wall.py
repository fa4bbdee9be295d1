"""The wall of a session, for a projector: who is here and where, how far the room is, what was let through.

It is read from the back of a room, so nothing is smaller than 24 pixels there, and it fills the screen and no more:
what finds no room is counted in its place. On a phone it is a page as any other.
"""

from collections.abc import Callable, Sequence
from html import escape
from math import ceil

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.views._connection import Connection
from visionquiz.views._parts import alert, page, style
from visionquiz.views.lesson._live import Live
from visionquiz.wall import Door, Place, Scene, Step, Team, Wall

__all__ = ["WallView", "draw_wall"]

# One unit (--u) is the size of plain text. `large` is a projector of 1920 x 1080 or more, where the unit grows with the
# screen; `small` one of 1280 x 720.
LARGE = "(min-width: 1600px) and (min-height: 900px)"
SMALL = "(min-width: 1000px) and (min-height: 600px) and ((max-width: 1599.9px) or (max-height: 899.9px))"

CSS = f"""
body:has(.vqwall) #rendered_cells h1 {{ position: absolute; width: 1px; height: 1px; overflow: hidden; margin: -1px;
  clip-path: inset(50%); }}
.vqf.vqwall {{ --u: 18px; --gap: calc(.9 * var(--u)); max-width: none; font-size: var(--u); line-height: 1.35;
  --jp-widgets-font-size: var(--u); background: var(--vq-page); padding: 1rem; }}
.vqwall .widget-html, .vqwall .widget-html-content {{ height: auto; font-size: var(--u); line-height: 1.35; }}
.vqwall .widget-html-content p {{ margin: 0; line-height: 1.35; }}
.vqwall h2 {{ font-size: 1.15em; font-weight: 700; line-height: 1.3; margin: 0 0 .45em; padding-bottom: .2em;
  border-bottom: 3px solid var(--vq-mark); }}
.vqwall section + section {{ margin-top: 1.2em; }}
.vqwall :is(ul, ol) {{ list-style: none; margin: 0; padding: 0; }}
.vqwall .soft {{ color: var(--vq-soft); }}
.vqwall .head {{ display: flex; flex-wrap: wrap; align-items: flex-end; justify-content: space-between;
  gap: .2em 2em; }}
.vqwall .count {{ display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 .6em; }}
.vqwall .count b {{ font-size: 4em; line-height: 1.2; font-weight: 750; color: var(--vq-mark);
  font-variant-numeric: tabular-nums; }}
.vqwall .count .have {{ font-size: 1.7em; font-weight: 600; }}
.vqwall .door {{ display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .5em; }}
.vqwall .door b {{ font-size: 1.35em; overflow-wrap: anywhere; }}
.vqwall .door .code {{ font-size: 2em; font-weight: 750; letter-spacing: .06em; line-height: 1.2;
  white-space: nowrap; }}
.vqwall .door.big {{ display: block; border: 3px solid var(--vq-mark); border-radius: .6em; padding: 1em 1.2em;
  margin-bottom: 1.2em; background: var(--vq-card); }}
.vqwall .door.big p, .vqwall .door.big b {{ display: block; }}
.vqwall .door.big b {{ font-size: 1.6em; line-height: 1.25; margin-bottom: .4em; }}
.vqwall .door.big .code {{ font-size: 3.6em; margin: 0; }}
.vqwall .bar {{ position: relative; display: flex; justify-content: space-between; align-items: baseline; gap: .8em;
  padding: .12em .5em; margin-bottom: .28em; border-radius: .25em; background: var(--vq-card); isolation: isolate;
  overflow: hidden; }}
.vqwall .bar i {{ position: absolute; inset: 0 auto 0 0; z-index: -1;
  background: color-mix(in srgb, var(--vq-mark) 30%, var(--vq-card)); border-right: .15em solid var(--vq-mark); }}
.vqwall .bar span {{ min-width: 0; }}
.vqwall .bar b {{ flex: none; font-variant-numeric: tabular-nums; }}
.vqwall .place {{ display: flex; justify-content: space-between; gap: .8em; font-weight: 650; }}
.vqwall .names {{ display: grid; gap: 0 .8em; margin: 0 0 .6em;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(var(--w) * var(--u))), 1fr)); }}
.vqwall .names li {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
.vqwall .more {{ color: var(--vq-soft); }}
.vqwall .said li {{ font-size: 1.15em; line-height: 1.35; border-left: .25em solid var(--vq-mark); margin: 0 0 .7em;
  padding: .1em 0 .1em .7em; width: 100%; overflow-wrap: anywhere; }}
.vqwall .said small {{ display: block; font-size: calc(1em / 1.15); color: var(--vq-soft); }}
.vqwall .small-only {{ display: none; }}
.vqwall .body > * {{ min-width: 0; }}
.vqwall .body {{ margin-top: 1em; }}
.vqwall .body > * + * {{ margin-top: 1.2em; }}

@media {LARGE} {{
  .vqf.vqwall {{ --u: max(24px, min(2.25vh, 1.27vw)); --columns: 40fr 24fr 36fr; }}
}}
@media {SMALL} {{
  .vqf.vqwall {{ --u: 24px; --columns: 31fr 31fr 38fr; }}
  .vqwall .large-only {{ display: none; }}
  .vqwall .small-only {{ display: revert; }}
  .vqwall .bar span, .vqwall .place span {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
  .vqwall .bar {{ padding-block: 0; }}
}}
@media {LARGE}, {SMALL} {{
  .vqf.vqwall {{ position: fixed; inset: 0; display: grid; grid-template-rows: auto auto minmax(0, 1fr);
    overflow: hidden; align-content: start; padding: var(--gap) calc(1.5 * var(--u)); z-index: 1; }}
  .vqwall .body {{ display: grid; grid-template-columns: var(--columns); gap: calc(1.5 * var(--u)); height: 100%;
    min-height: 0; margin-top: var(--gap) !important; grid-row: 3; }}
  .vqwall .body > * {{ margin-top: 0 !important; height: 100% !important; min-height: 0; overflow: hidden !important; }}
  .vqwall .place-of-said {{ order: 3; }}
  .vqwall .place-of-said :is(.widget-html-content, section) {{ height: 100%; min-height: 0; display: flex;
    flex-direction: column; }}
  .vqwall .place-of-said section > * {{ flex: none; }}
  /* What does not fit wraps into a second column, which is out of sight: only whole contributions show. */
  .vqwall .said {{ flex: 1 1 0 !important; min-height: 0; display: flex; flex-flow: column wrap; overflow: hidden;
    align-content: flex-start; }}
}}
"""

LOST = "The wall lost its connection and shows nothing new. Load the page again; nothing is lost."

ROWS = {"large": 16, "small": 8}
"""Rows of teams, or of places, that each screen has room for."""

ROWS_BELOW_STEPS = {"large": 8, "small": 4}
"""The same where the steps of the lesson stand above them."""

NAMES = {"large": (29.0, 32.0), "small": (14.0, 17.0)}
"""Width and height, in units of plain text, of the room for names."""


class WallView(widgets.VBox):
    """Keeps itself up to date, and has nothing to press."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.message, self.count, self.door = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.said, self.left, self.right = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.said.add_class("place-of-said")
        head = widgets.Box([self.count, self.door]).add_class("head")
        body = widgets.Box([self.said, self.left, self.right]).add_class("body")
        super().__init__([style(CSS), Connection(lost=LOST), self.message, head, body])
        self.add_class("vqf").add_class("vqwall")
        self.refresh()
        self.live = Live(wall)
        self.live.watch("wall", self.refresh)

    def refresh(self) -> None:
        """Draw what there is to see now; what stays the same is not sent again."""
        try:
            scene = self.wall.look()
        except VisionQuizError as error:
            self.message.value = alert(f"{error}. This page tries again by itself.")
            return
        self.message.value = ""
        door = _draw_door(self.wall.door)
        self.count.value = _draw_count(scene)
        self.door.value = f'<div class="door">{door}</div>' if door and scene.said else ""
        self.said.value = _draw_said(scene, door)
        self.left.value, self.right.value = _draw_room(scene)

    def __repr__(self) -> str:
        return "The wall of a session. Start a session to use it."


def _draw_count(scene: Scene) -> str:
    unnamed = f'<span class="soft">{scene.unnamed} without a name</span>' if scene.unnamed else ""
    have = "has joined" if scene.people == 1 else "have joined"
    return f'<p class="count" role="status"><b>{scene.people}</b> <span class="have">{have}</span> {unnamed}</p>'


def _draw_door(door: Door) -> str:
    if not (door.address and door.code):
        return ""
    return f'<p>Join at</p> <b>{escape(door.address)}</b> <p>with the code</p> <b class="code">{escape(door.code)}</b>'


def _draw_said(scene: Scene, door: str) -> str:
    if not scene.said:
        big = f'<div class="door big">{door}</div>' if door else ""
        empty = "What you write shows here once your trainer has let it through."
        return f"<section>{big}<h2>What the room says</h2><p>{empty}</p></section>"
    listed = "".join(
        f'<li dir="auto">{escape(one.text)}<small>{escape(one.activity)}</small></li>' for one in scene.said
    )
    count = f"{scene.through} so far, the newest first" if scene.through > 1 else "the first one"
    head = f'<h2>What the room says <span class="soft">({count})</span></h2>'
    return f'<section>{head}<ul class="said">{listed}</ul></section>'


def _draw_room(scene: Scene) -> tuple[str, str]:
    """The two columns: with names, these need the first one; without, the steps of the lesson stand in it."""
    if not scene.people:
        return "<section><h2>Where people are</h2><p>Nobody has joined yet.</p></section>", ""
    named = {screen: _fits(scene.places, screen) for screen in NAMES}
    below = named["large"]
    steps, teams = _draw_steps(scene), _draw_teams(scene.teams, ROWS_BELOW_STEPS if below else ROWS)
    places = _draw_places(scene.places, scene.people, named)
    return (places, steps + teams) if below else (places + steps, teams)


def _fits(places: Sequence[Place], screen: str) -> bool:
    """Whether all names fit, at a width of .6 units for each letter."""
    width, height = NAMES[screen]
    columns = max(1, int(width // (_name_width(places) + 0.8)))
    used = 2.4
    for place in places:
        title = ceil(len(place.title) * 0.62 / (width - 3))
        used += 1.35 * (title + ceil(len(_name_all(place)) / columns)) + 0.6
    return used <= height


def _name_width(places: Sequence[Place]) -> float:
    """Room for a name, in units of plain text; the few that are longer are cut."""
    return 0.6 * min(24, max((len(name) for place in places for name in _name_all(place)), default=0))


def _name_all(place: Place) -> list[str]:
    rest = place.people - len(place.names)
    return [*place.names, *([f"{rest} without a name"] if rest else [])]


def _draw_places(places: Sequence[Place], people: int, named: dict[str, bool]) -> str:
    counts = _draw_bars([(one.title, one.people, people, str(one.people)) for one in places], ROWS_BELOW_STEPS)
    names = "".join(_draw_names(one, _name_width(places)) for one in places)
    if not named["large"]:
        drawn = counts
    elif named["small"]:
        drawn = names
    else:
        drawn = f'<div class="large-only">{names}</div><div class="small-only">{counts}</div>'
    return f"<section><h2>Where people are</h2>{drawn}</section>"


def _draw_names(place: Place, width: float) -> str:
    listed = "".join(f'<li dir="auto">{escape(one)}</li>' for one in _name_all(place))
    head = f'<p class="place"><span>{escape(place.title)}</span> <b>{place.people}</b></p>'
    return f'{head}<ul class="names" style="--w:{width:.1f}">{listed}</ul>'


def _draw_steps(scene: Scene) -> str:
    if not scene.steps:
        return ""

    def tell(step: Step) -> tuple[str, int, int, str]:
        return step.title, step.people, scene.people, f"{step.people} of {scene.people}"

    bars = _draw_bars([tell(one) for one in scene.steps], ROWS_BELOW_STEPS)
    return f"<section><h2>How far we are: {escape(scene.lesson)}</h2>{bars}</section>"


def _draw_teams(teams: Sequence[Team], rows: dict[str, int]) -> str:
    if not teams:
        return ""
    short = [one.name.rpartition("/")[2] for one in teams]
    bars = [
        (
            (last if short.count(last) == 1 else one.name) or "Without a team",
            one.gave, one.joined, f"{one.gave} of {one.joined}",
        )
        for one, last in zip(teams, short, strict=True)
    ]  # fmt: skip
    return f"<section><h2>Who has taken part, by team</h2>{_draw_bars(bars, rows)}</section>"


def _draw_bars(bars: Sequence[tuple[str, int, int, str]], rows: dict[str, int]) -> str:
    """Label, part, whole and figure of each, and how many more there are than a screen has room for."""
    lines = []
    for number, (label, part, whole, figure) in enumerate(bars):
        hidden = ' class="large-only"' if rows["small"] <= number else ""
        share = f'<i style="width:{100 * part / whole:.0f}%"></i>' if part and whole else ""
        lines.append(f'<li{hidden}><div class="bar"><span>{escape(label)}</span> <b>{figure}</b>{share}</div></li>')
    drawn = lines[: rows["large"]]
    for screen, most in rows.items():
        if len(bars) > most:
            drawn.append(f'<li class="more {screen}-only">and {len(bars) - most} more</li>')
    return f"<ul>{''.join(drawn)}</ul>"


def draw_wall(open_wall: Callable[[], Wall]) -> widgets.Widget:
    """The wall that is opened, or why there is none."""
    try:
        return WallView(open_wall())
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(f"There is no wall here: {error}."))).add_class("vqf")
