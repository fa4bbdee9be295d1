"""The wall of a session, for a projector: who is here and where, how far the room is, what was let through.

It is read from the back of a room, so nothing is smaller than 24 pixels there, and it fills the screen and no more:
what finds no room is counted in its place. On a phone it is a page as any other.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from html import escape
from math import ceil

import ipywidgets as widgets

from visionquiz.errors import VisionQuizError
from visionquiz.views._connection import Connection
from visionquiz.views._live import Live
from visionquiz.views._parts import alert, page, style
from visionquiz.wall import Door, Place, Scene, Team, Wall

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
.vqf.vqwall h2 {{ font-size: 1.15em; font-weight: 700; line-height: 1.3; margin: 0 0 .45em; padding-bottom: .2em;
  border-bottom: 3px solid var(--vq-mark); display: flex; flex-wrap: wrap; justify-content: space-between;
  gap: 0 .8em; }}
.vqwall h2 small {{ font-size: calc(1em / 1.15); font-weight: 400; line-height: 1.5; color: var(--vq-soft); }}
.vqf.vqwall h3 {{ font-size: 1em; font-weight: 700; line-height: 1.35; margin: 0; display: flex;
  justify-content: space-between; gap: .8em; }}
.vqwall section:not(:last-child) {{ margin-bottom: 1.2em; }}
.vqwall :is(ul, ol) {{ list-style: none; margin: 0; padding: 0; }}
.vqf.vqwall .soft {{ color: var(--vq-soft); }}
.vqf.vqwall .lesson {{ margin-bottom: .3em; }}
.vqwall .head {{ display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 2em; }}
.vqwall .head > * {{ width: auto !important; }}
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
.vqwall .door.big b {{ display: block; font-size: 1.6em; line-height: 1.25; margin-bottom: .4em; }}
.vqwall .door.big .code {{ font-size: 3.2em; margin: 0; }}
.vqwall .bar {{ position: relative; display: flex; justify-content: space-between; align-items: baseline; gap: .8em;
  padding: .1em .5em .4em; margin-bottom: .3em; border-radius: .2em; background: var(--vq-card); overflow: hidden; }}
.vqwall .bar::after {{ content: ""; position: absolute; inset: auto 0 0; height: .3em; background: var(--vq-line);
  opacity: .6; }}
.vqwall .bar i {{ position: absolute; inset: auto auto 0 0; z-index: 1; height: .3em; background: var(--vq-mark); }}
.vqwall .bar span {{ min-width: 0; }}
.vqwall .bar b {{ flex: none; font-variant-numeric: tabular-nums; }}
.vqwall .names {{ display: grid; gap: 0 .8em; margin: 0 0 .6em;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(var(--w) * 1em)), 1fr)); }}
.vqwall .names li {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
.vqwall .more {{ color: var(--vq-soft); }}
.vqwall .said li {{ font-size: 1.15em; line-height: 1.35; border-left: .25em solid var(--vq-mark); margin: 0 0 .8em;
  padding: .1em 0 .1em .7em; width: 100%; overflow-wrap: anywhere; }}
.vqwall .said small {{ display: block; font-size: max(var(--u), .75em); color: var(--vq-soft); }}
.vqwall .small-only {{ display: none; }}
.vqwall .body {{ display: block; margin-top: 1em; }}
.vqwall .body > * {{ min-width: 0; }}
.vqwall .body > * + * {{ margin-top: 1.2em; }}

@media {LARGE} {{
  .vqwall .named-places {{ font-size: calc(var(--size) * 1em); }}
  .vqf.vqwall {{ --u: max(24px, min(2.25vh, 1.27vw)); --columns: 40fr 24fr 36fr; --space: calc(1.5 * var(--u)); }}
  .vqf.vqwall:not(.named) {{ --columns: 28fr 28fr 44fr; }}
  .vqwall .roomy .bar {{ font-size: 1.25em; }}
  .vqwall .said li {{ font-size: 1.35em; }}
}}
@media {SMALL} {{
  .vqf.vqwall {{ --u: 24px; --columns: 33fr 30fr 37fr; --space: var(--u); }}
  .vqwall .large-only {{ display: none; }}
  .vqwall .small-only {{ display: revert; }}
  .vqwall .count b {{ font-size: 3.2em; }}
  .vqwall :is(.bar span, h3 span, .lesson) {{ white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }}
}}
@media {LARGE}, {SMALL} {{
  .vqf.vqwall {{ position: fixed; inset: 0; display: grid; grid-template-rows: auto auto minmax(0, 1fr);
    overflow: hidden; align-content: start; padding: var(--gap) calc(1.5 * var(--u)); z-index: 1; }}
  .vqwall .body {{ display: grid; grid-template-columns: var(--columns); gap: var(--space); height: 100%; min-height: 0;
    margin-top: var(--gap) !important; grid-row: 3; }}
  .vqwall .body > * {{ margin-top: 0 !important; height: 100% !important; min-height: 0; overflow: hidden !important; }}
  .vqwall .place-of-said :is(.widget-html-content, section) {{ height: 100%; min-height: 0; display: flex;
    flex-direction: column; }}
  .vqwall .place-of-said section > * {{ flex: none; }}
  /* What does not fit wraps into a second column, which is out of sight: only whole contributions show. */
  .vqwall .said {{ flex: 1 1 0 !important; min-height: 0; display: flex; flex-flow: column wrap; overflow: hidden;
    align-content: flex-start; }}
  /* Nobody is here: the room reads how to join. */
  .vqf.vqwall.empty {{ --columns: minmax(0, 1fr); }}
  .vqwall.empty .body > :not(.place-of-said) {{ display: none; }}
  .vqwall.empty .door.big {{ margin: auto; padding: 1.5em 3em; text-align: center; max-width: 100%; }}
  .vqwall.empty .door.big b {{ font-size: 2.4em; }}
  .vqwall.empty .door.big .code {{ font-size: 6em; }}
}}
"""

LOST = "The wall lost its connection and shows nothing new. Load the page again; nothing is lost."

HEIGHT = {"large": 36.5, "small": 21.0}
"""Of a column, in units of plain text."""

SHORT = 30
"""Letters of an address that stands beside the headline on a large screen; a longer one takes a line of its own."""

STEPS = {"large": 20.0, "small": 12.0}
"""Of that, what the activities of a lesson may take."""

HEAD, GAP, LINE, BAR = 2.5, 1.2, 1.35, 0.95
"""Heights, in these units: a heading, what lies between two parts of a column, a line, and a bar without its label."""

NAMES = {"large": (29.0, 32.0), "small": (15.0, 19.0)}
"""Width and height of the room for names."""

SIZES = (1.6, 1.4, 1.2)
"""How many times as large names are as plain text, where a large screen has room for that."""

ROOMY = 1.3
"""How much larger bars are where a large screen has room for that."""


class WallView(widgets.VBox):
    """Keeps itself up to date, and has nothing to press."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        self.message, self.count, self.door = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.said, self.left, self.right = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.said.add_class("place-of-said")
        head = widgets.Box([self.count, self.door]).add_class("head")
        body = widgets.Box([self.left, self.right, self.said]).add_class("body")
        self.live = Live(wall)
        self.live.watch("wall", self.refresh)
        super().__init__([style(CSS), Connection(drawn=self.live.begin, lost=LOST), self.message, head, body])
        self.add_class("vqf").add_class("vqwall")
        self.refresh()

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
        named = {screen: _fits(scene.places, screen) for screen in NAMES}
        height = dict(HEIGHT) if len(self.wall.door.address) <= SHORT else {**HEIGHT, "large": HEIGHT["large"] - 3}
        self.left.value, self.right.value = _draw_room(scene, named, height)
        (self.remove_class if scene.people else self.add_class)("empty")
        (self.add_class if named["large"] else self.remove_class)("named")

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
    if scene.said:
        listed = "".join(
            f'<li dir="auto">{escape(one.text)}<small>{escape(one.activity)}</small></li>' for one in scene.said
        )
        count = f"the newest of {scene.through}" if scene.through > 1 else ""
        return f'<section><h2>What the room says <small>{count}</small></h2><ul class="said">{listed}</ul></section>'
    big = f'<div class="door big">{door}</div>' if door else ""
    if not scene.people:
        return f"<section>{big or '<p>Nobody has joined yet.</p>'}</section>"
    empty = "What you write shows here once your trainer has let it through."
    return f"<section>{big}<h2>What the room says</h2><p>{empty}</p></section>"


def _draw_room(scene: Scene, named: dict[str, bool], height: dict[str, float]) -> tuple[str, str]:
    """The two columns: with names, these need the first one; without, the steps of the lesson stand in it."""
    if not scene.people:
        return "", ""
    width = 11.0 if named["large"] else 14.0
    # Larger bars of steps would leave less room for names, or for places.
    roomy = not named["large"] and len(scene.places) <= 3
    steps, left = _draw_steps(scene, height, width, roomy=roomy)
    places = _draw_places(scene, named, left, width)
    if not named["large"]:
        return places + _section(steps), _draw_teams(scene.teams, height, width)
    if named["small"]:
        return places, _section(steps) + _draw_teams(scene.teams, left, width)
    teams = _draw_teams(scene.teams, {**height, "large": left["large"]}, width)
    return places + _section(steps, "small-only"), _section(steps, "large-only") + teams


def _section(inside: str, only: str = "all") -> str:
    return f'<section class="{only}">{inside}</section>' if inside else ""


def _fits(places: Sequence[Place], screen: str, size: float = 1.0) -> bool:
    """Whether all names fit, so many times as large as plain text, at a width of .62 units for each letter."""
    width, height = (one / size for one in NAMES[screen])
    columns = max(1, int(width // (_name_width(places) + 0.8)))
    used = HEAD / size
    for place in places:
        title = ceil(len(place.title) * 0.65 / (width - 3))
        used += LINE * (title + ceil(len(_name_all(place)) / columns)) + 0.6
    return used <= height


def _name_width(places: Sequence[Place]) -> float:
    """Room for a name, in units of plain text. One in ten may be longer, and is cut."""
    lengths = sorted(len(name) for place in places for name in _name_all(place))
    return 0.62 * min(24, lengths[-1 - len(lengths) // 10]) if lengths else 0


def _name_all(place: Place) -> list[str]:
    rest = place.people - len(place.names)
    return [*place.names, *([f"{rest} without a name"] if rest else [])]


def _draw_places(scene: Scene, named: dict[str, bool], room: dict[str, float], width: float) -> str:
    # The fullest first, in case there is no room for all.
    fullest = sorted(scene.places, key=lambda one: -one.people)
    counts, _ = _draw_bars([(one.title, one.people, scene.people, "") for one in fullest], room, width)
    size = max((one for one in SIZES if _fits(scene.places, "large", one)), default=1.0)
    lists = "".join(_draw_names(one, _name_width(scene.places)) for one in scene.places)
    names = f'<div class="named-places" style="--size:{size}">{lists}</div>'
    if not named["large"]:
        drawn = counts
    elif named["small"]:
        drawn = names
    else:
        drawn = f'<div class="large-only">{names}</div><div class="small-only">{counts}</div>'
    return _section(f"<h2>Where people are</h2>{drawn}")


def _draw_names(place: Place, width: float) -> str:
    listed = "".join(f'<li dir="auto">{escape(one)}</li>' for one in _name_all(place))
    head = f"<h3><span>{escape(place.title)}</span> <b>{place.people}</b></h3>"
    return f'{head}<ul class="names" style="--w:{width:.1f}">{listed}</ul>'


def _draw_steps(scene: Scene, height: dict[str, float], width: float, *, roomy: bool) -> tuple[str, dict[str, float]]:
    """The activities of the present lesson, and what room they leave in a column."""
    if not scene.steps:
        return "", height
    lesson = f'<p class="soft lesson">{escape(scene.lesson)}</p>' if len(scene.places) > 1 else ""
    whole = f'<span class="large-only"> of {scene.people}</span>'
    bars = [(one.title, one.people, scene.people, whole) for one in scene.steps]
    drawn, left = _draw_bars(bars, STEPS, width, roomy=roomy)
    used = (
        {"large": LINE * ceil(0.62 * len(scene.lesson) / width), "small": LINE} if lesson else dict.fromkeys(height, 0)
    )
    room = {screen: height[screen] - STEPS[screen] + left[screen] - GAP - used[screen] for screen in height}
    return f"<h2>How far we are</h2>{lesson}{drawn}", room


def _draw_teams(teams: Sequence[Team], room: dict[str, float], width: float) -> str:
    if not teams:
        return ""
    short = Counter(one.name.rpartition("/")[2] for one in teams)
    named = [
        (last if short[last := one.name.rpartition("/")[2]] == 1 else one.name, one.gave, one.joined) for one in teams
    ]
    named.sort(key=lambda one: (not one[0], one[0].casefold()))
    bars = [(name or "Without a team", gave, joined, f" of {joined}") for name, gave, joined in named]
    return _section(f"<h2>Taking part, by team</h2>{_draw_bars(bars, room, width)[0]}")


def _draw_bars(
    bars: Sequence[tuple[str, int, int, str]], room: dict[str, float], width: float, *, roomy: bool = True
) -> tuple[str, dict[str, float]]:
    """Of each: label, how many, of how many, and what stands behind the figure, as HTML. What finds no room below a
    heading is counted. Also returns what room is left; `width` is what a label has on a large screen, where bars are
    larger if they may and can.
    """
    # A small screen shows the beginning of a long label, in one line.
    heights = {
        "large": [_measure_bar(label, width) for label, *_ in bars],
        "small": [LINE + BAR for _ in bars],
    }
    most = {screen: _count_fitting(heights[screen], room[screen] - HEAD) for screen in room}
    left = {
        screen: room[screen] - HEAD - sum(heights[screen][:count]) - (LINE if count < len(bars) else 0)
        for screen, count in most.items()
    }
    lines = []
    for number, (label, part, whole, behind) in enumerate(bars[: max(most.values())]):
        seen = [screen for screen in most if number < most[screen]]
        only = f' class="{seen[0]}-only"' if len(seen) == 1 else ""
        share = f'<i style="width:{100 * part / whole:.0f}%"></i>' if part and whole else ""
        bar = f'<div class="bar"><span>{escape(label)}</span> <b>{part}{behind}</b>{share}</div>'
        lines.append(f"<li{only}>{bar}</li>")
    lines += [
        f'<li class="more {screen}-only">and {len(bars) - count} more</li>'
        for screen, count in most.items()
        if count < len(bars)
    ]
    larger = room["large"] - HEAD - ROOMY * sum(_measure_bar(label, width / ROOMY) for label, *_ in bars)
    if larger < 0 or not roomy:
        return f"<ul>{''.join(lines)}</ul>", left
    return f'<ul class="roomy">{"".join(lines)}</ul>', {**left, "large": larger}


def _measure_bar(label: str, width: float) -> float:
    """The height of a bar whose label wraps at a width."""
    return LINE * ceil(0.62 * len(label) / width) + BAR


def _count_fitting(heights: Sequence[float], room: float) -> int:
    """How many rows fit one below the other; where it is not all of them, a line that says so fits, too."""
    for most in range(len(heights), 0, -1):
        if sum(heights[:most]) + (LINE if most < len(heights) else 0) <= room:
            return most
    return 0


def draw_wall(open_wall: Callable[[], Wall]) -> widgets.Widget:
    """The wall that is opened, or why there is none."""
    try:
        return WallView(open_wall())
    except VisionQuizError as error:
        return page(style(), widgets.HTML(alert(f"There is no wall here: {error}."))).add_class("vqf")
