"""Hiding is tested end to end by attack: somebody takes all that was ever published, in every form, and combines it.

The organisations are random. Of each, everything that anybody can get is collected: the files of all audiences, the
downloads and the pages, of two or three publications between which people change. The attacker knows who is in which
group, who answered, who changed in which question and when; so each figure is known to be a sum over certain people,
each as they were on a certain day. What is looked for is a combination of these sums, whatever its factors, about at
least one and fewer people than the minimum. The search is complete.

What are different quantities of a person can never be taken out of each other, so each family of figures is searched by
itself. Means and standard deviations are about the same people and days, so they are one family; the mean of a scenario
question and what people chose in scenarios are one, too, because the points follow from what was chosen. The verdicts
on the parts of an answer are a family of their own: levels follow from them by products and cases, not by sums.

What is not looked for: who did not answer (how many did is a figure about those who did), in which of its parts an
answer changed, and what somebody can guess who knows some of the answers.
"""

import csv
import datetime as dt
import functools
import html
import io
import itertools
import json
import math
import random
import re
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from visionquiz import publishing, situation_figures
from visionquiz.audiences import people_below, write_audiences
from visionquiz.counted import digest, hold_back
from visionquiz.gradebook import Score
from visionquiz.ledger import forget, read_ledger, write_ledger
from visionquiz.parts import UNKNOWN, list_parts
from visionquiz.publishing import summarise
from visionquiz.quiz import Question, Quiz, pick_scenarios
from visionquiz.results import group_members, tidy_results
from visionquiz.roster import Person
from visionquiz.situations import REST
from visionquiz.summaries import PARTS, SITUATIONS, load_summaries, write_summary
from visionquiz.summary_files import summary_csv, summary_xlsx
from visionquiz.views.scores import draw_scores
from visionquiz.vision import MeaningPoint, Option, Role, Scenario, Vision

PRIME = 2**31 - 1

TEAMS = ("Ash", "Ash/Elm", "Ash/Fir", "Birch", "Birch/Oak", "Cedar")

TITLES = {"baker": "Baker", "driver": "Driver", "seller": "Seller"}

FREE = ("state", "explain", "contribute")

HOLDS = ("asked", "answered", "review", "means", "spreads", "parts", "situations", "as_of")


class Organisation:
    """A random company with a check, and people who answer, are looked at again, join, leave, come back and move."""

    def __init__(self, seed):
        self.rng = rng = random.Random(seed)
        self.minimum = rng.choice((3, 3, 5))
        self.names = (f"p{number}" for number in itertools.count())
        self.roles = list(TITLES)[: rng.randint(1, 3)]
        self.teams = rng.sample(TEAMS, rng.randint(1, 4))
        self.vision = self.make_vision()
        self.quiz = self.make_quiz(rng.randint(2, 3))
        self.parts = {kind: list_parts(kind, self.vision) for kind in FREE}
        self.people = {}
        self.answers = {}
        self.gone = []
        self.silence = rng.choice((0, 0.1, 0.3))
        self.unread = rng.choice((0, 0, 0.15))
        for _ in range(rng.randint(12, 30)):
            self.join()

    def make_vision(self):
        rng = self.rng
        points = tuple(MeaningPoint(id=name, text=f"We {name}") for name in ("listen", "help")[: rng.randint(1, 2)])
        scenarios = []
        for name in "abcde"[: rng.randint(3, 5)]:
            worths = rng.choice(((2, 0), (2, 1, 0), (2, 0, 0), (2, 2, 0)))
            options = tuple(
                Option(text=f"do {sign}", points=worth, why="") for sign, worth in zip("xyz", worths, strict=False)
            )
            roles = tuple(rng.sample(self.roles, rng.randint(1, len(self.roles)))) if rng.random() < 0.5 else ()
            scenarios.append(Scenario(id=name, title=f"Case {name}", situation="Well?", options=options, roles=roles))
        # Every role meets something in every slot.
        while any(sum(one.fits(role) for one in scenarios) < 3 for role in self.roles):
            place = rng.randrange(len(scenarios))
            scenarios[place] = replace(scenarios[place], roles=())
        roles = tuple(Role(id=role, title=TITLES[role]) for role in self.roles)
        return Vision(
            company="Acme",
            statement="We listen",
            core_idea="c",
            meaning=points,
            roles=roles,
            scenarios=tuple(scenarios),
        )

    def make_quiz(self, slots):
        names = [(kind, kind) for kind in FREE] + [("decide", f"decide-{place}") for place in range(slots)]
        questions = tuple(
            Question(id=name, kind="scenario" if column == "decide" else column, points=3, prompt="?", column=column)
            for column, name in names
        )
        return Quiz(id="q", title="Check", seed=self.rng.randrange(9), questions=questions)

    def join(self):
        rng, name = self.rng, next(self.names)
        boss = rng.choice([*self.people, ""][-4:])
        self.people[name] = Person(
            person=name, name=name, role=rng.choice(self.roles), team=rng.choice(self.teams), manager=boss
        )
        if rng.random() >= self.silence:
            self.answer(name)

    def answer(self, name):
        self.answers[name] = {question.id: self.answer_one(question) for question in self.quiz.questions}

    def answer_one(self, question):
        """The share of the points (None: as the option says), the option or the verdicts, and whether it is with a
        person.
        """
        rng = self.rng
        if question.kind == "scenario":
            return [None, rng.choice((0, 0, 1, None)), False]
        verdicts = [rng.choice(part.verdicts[:2]) for part in self.parts[question.kind]]
        read = rng.random() >= self.unread
        return [rng.choice((0, 1, 2, 3)) / 3, verdicts if read else None, rng.random() < 0.15]

    def change(self):
        """What happens between two publications."""
        rng = self.rng
        where, again, look, choose = (
            rng.choice(self.teams), rng.choice((0, 0.1, 0.3, 0.6)), rng.choice((0, 0.1, 0.3)), rng.choice((0, 0, 0.2))
        )  # fmt: skip
        everywhere, moving, late = rng.random() < 0.6, rng.choice((0, 0, 0.05, 0.15)), rng.choice((0, 0.3, 1))
        for name, person in list(self.people.items()):
            if name not in self.answers:
                if rng.random() < late:
                    self.answer(name)
                continue
            if rng.random() < again and (everywhere or person.team == where):
                self.answer(name)
            for question in self.quiz.questions:
                own = self.answers[name][question.id]
                if rng.random() < look and (everywhere or person.team == where):
                    own[0], own[2] = rng.choice((0, 1, 2, 3)) / 3, False
                if question.kind == "scenario" and rng.random() < choose:
                    own[0], own[1] = None, rng.choice((0, 1, None))
            if rng.random() < moving:
                fate = rng.randrange(3)
                if fate == 0:
                    del self.people[name]
                    self.gone.append(person)
                else:
                    other = {"team": rng.choice(self.teams)} if fate == 1 else {"role": rng.choice(self.roles)}
                    self.people[name] = replace(person, **other)
        for _ in range(rng.choice((0, 1, 6)) if moving else 0):
            self.join()
        if self.gone and rng.random() < 0.3:
            back = self.gone.pop()
            self.people[back.person] = back

    def erase(self):
        """Somebody who left and is erased. Who comes back after that is somebody new."""
        return self.gone.pop().person if self.gone and self.rng.random() < 0.5 else None

    @property
    def staff(self):
        return tuple(self.people.values())

    def scenario(self, name, question):
        return pick_scenarios(self.quiz, self.vision)[question].get(self.people[name].role)

    def worth(self, name, question):
        """The share of the points that the chosen option is worth."""
        place, scenario = self.answers[name][question][1], self.scenario(name, question)
        return 0.0 if place is None else scenario.options[place].points / scenario.best

    def share(self, name, question):
        given = self.answers[name][question][0]
        return self.worth(name, question) if given is None else given

    def results(self):
        scores, verdicts, chosen = [], {}, {}
        for name, own in self.answers.items():
            for question in self.quiz.questions if name in self.people else ():
                _, made, review = own[question.id]
                share = self.share(name, question.id)
                scores.append(
                    Score(person=name, question=question.id, points=3, score=3 * share, review=review, manual=False)
                )
                if question.kind == "scenario":
                    chosen[name, question.id] = made
                elif made is not None:
                    ids = [part.id for part in self.parts[question.kind]]
                    verdicts[name, question.id] = json.dumps(list(zip(ids, made, strict=True)))
        return tidy_results(scores, self.staff, self.quiz), verdicts, chosen


class Day:
    """What the attacker knows of the day of a publication: for each figure, whom it is about and as they were then."""

    def __init__(self, company):
        self.members = members = group_members(company.staff, company.vision)
        here = [name for name in company.answers if name in company.people]
        shares = {(name, q.id): company.share(name, q.id) for name in here for q in company.quiz.questions}
        slots = [slot.id for slot in company.quiz.slots]
        self.asked = {key: len(who) for key, who in members.items()}
        self.numbers = defaultdict(dict)  # of a family, by thing: what it is counted with
        self.things = defaultdict(lambda: defaultdict(set))  # of a family, by figure: the things
        for name in here:
            self.count("answered", "answered", name, ("yes",), 1)
            own = company.answers[name]
            looks = sum(review for _, _, review in own.values())
            self.count("review", "review", name, (looks,), looks)
            for kind in FREE:
                self.count(kind, kind, name, (shares[name, kind],), shares[name, kind])
                if own[kind][1] is not None:
                    self.count(PARTS + kind, PARTS + kind, name, tuple(own[kind][1]), own[kind][1])
            mean = sum(shares[name, slot] for slot in slots) / len(slots)
            self.count("spread", "decide", name, tuple(shares[name, slot] for slot in slots), mean)
            for slot in slots:
                self.count("decide", "decide", name, (slot, shares[name, slot]), shares[name, slot])
                scenario = company.scenario(name, slot)
                figure, place = f"{SITUATIONS} {scenario.id}", own[slot][1]
                self.count("decide", figure, name, (slot, company.worth(name, slot)), None)
                self.count(figure, figure, name, (place,), len(scenario.options) if place is None else place)

    def count(self, family, figure, name, version, number):
        self.numbers[family].setdefault((name, *version), number)
        for key, who in self.members.items():
            if name in who:
                self.things[family][figure, key].add((name, *version))

    def about(self, family, figure, key):
        return self.things[family].get((figure, key), set())


def figures_of(data):
    """What a file says: (what, group, when) and the figure, of each group that is not hidden."""
    for group in data["groups"]:
        key = group["kind"], group["id"]
        if group["hidden"]:
            assert group.keys() == {"kind", "id", "label", "hidden"}
            continue
        own = {"answered": (group["asked"], group["answered"]), "review": group["review"]}
        own |= {what: (mean, group["spreads"][what]) for what, mean in group["means"].items()}
        own |= {PARTS + what: shares for what, shares in group["parts"].items()}
        for name, shares in group["situations"].items():
            own[f"{SITUATIONS} {name}"] = shares
        for what, value in own.items():
            since = SITUATIONS if what.startswith(SITUATIONS) else what
            yield (what, key, group["as_of"].get(since, data["published"])), value


def families(company, what):
    """The families that a figure is in."""
    if what == "decide":
        return ("decide", "spread")
    return ("decide", what) if what.startswith(SITUATIONS) else (what,)


def check_value(company, day, what, key, value):
    """That a figure is the sum that the attacker takes it for; a wrong date would show here."""
    family = families(company, what)[-1]
    numbers = [day.numbers[family][thing] for thing in day.about(family, what, key)]
    if what == "answered":
        assert value == (day.asked[key], sum(numbers))
    elif what == "review":
        assert value == sum(numbers)
    elif what.startswith(PARTS):
        for place, (part, shares) in enumerate(zip(company.parts[what.removeprefix(PARTS)], value, strict=True)):
            found = Counter(verdicts[place] for verdicts in numbers)
            assert shares == pytest.approx([found[one] / len(numbers) for one in part.verdicts], abs=1e-4)
    elif what.startswith(SITUATIONS):
        assert value == pytest.approx([numbers.count(place) / len(numbers) for place in range(len(value))], abs=1e-4)
    else:
        spread = np.std(numbers, ddof=1) if len(numbers) > 1 else 0
        assert value == pytest.approx((np.mean(numbers), spread), abs=1e-4)


@functools.lru_cache(maxsize=4096)
def few_enough(sizes, minimum):
    """All sets of places whose sizes add up to less than the minimum and to which no further one can be added."""
    found = [()]
    for size in range(1, minimum):
        found += itertools.combinations(range(len(sizes)), size)
    smallest = sorted(range(len(sizes)), key=sizes.__getitem__)
    kept = []
    for places in found:
        left = minimum - 1 - sum(sizes[place] for place in places)
        free = next((sizes[place] for place in smallest if place not in places), math.inf)
        if 0 <= left < free and places:
            kept.append(places)
    return tuple(kept)


def rank(rows):
    """The rank of a matrix of small whole numbers, without rounding."""
    rows, found = [[int(one) % PRIME for one in row] for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((place for place in range(found, len(rows)) if rows[place][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        inverse = pow(rows[found][column], -1, PRIME)
        for place in range(found + 1, len(rows)):
            if factor := rows[place][column] * inverse % PRIME:
                rows[place] = [(a - factor * b) % PRIME for a, b in zip(rows[place], rows[found], strict=True)]
        found += 1
    return found


@functools.lru_cache(maxsize=4096)
def recovered(rows, minimum):
    """Fewer people than the minimum about whom some combination of the rows says something, or None.

    A row is the set of things, (person, version), that a figure is the sum of. There is such a combination for a set of
    people if and only if the rank is lower without their things. In the null space of the rows, their columns are
    dependent then, so a determinant of a random projection is nought: that finds whom to look at exactly.
    """
    rows = sorted(set(rows) - {frozenset()}, key=repr)
    places = {}
    for thing in sorted(frozenset().union(*rows), key=repr):
        places.setdefault(thing[0], []).append(tuple(int(thing in row) for row in rows))
    # Whoever is in the same figures on the same days as another one cannot be told apart from them.
    alike = defaultdict(list)
    for name, patterns in places.items():
        alike[tuple(sorted(patterns))].append(name)
    cells = sorted((cell for cell in alike if len(alike[cell]) < minimum), key=lambda cell: len(alike[cell]))
    if not cells:
        return None
    large = [cell for cell in alike if len(alike[cell]) >= minimum]
    ends = list(itertools.accumulate(map(len, [*cells, *large]), initial=0))
    matrix = np.array([pattern for cell in [*cells, *large] for pattern in cell], dtype=float).T
    _, values, basis = np.linalg.svd(matrix)
    null = basis[int((values > 1e-8).sum()) :]
    lengths = np.linalg.norm(null, axis=0)
    null = null / np.where(lengths > 1e-8, lengths, np.inf)  # who follows from the rows alone is a column of noughts
    by_width = defaultdict(list)
    for chosen in few_enough(tuple(len(alike[cell]) for cell in cells), minimum):
        columns = [column for cell in chosen for column in range(ends[cell], ends[cell + 1])]
        by_width[len(columns)].append(columns)
    whole, mixing = None, np.random.default_rng(1).standard_normal((max(by_width), len(null))) @ null
    for width, sets in by_width.items():
        sets = np.array(sets)
        mixed = mixing[:width, sets].transpose(1, 0, 2) / math.sqrt(width)
        # Otherwise it is about exp(-width / 2).
        nought = np.abs(np.linalg.det(mixed)) < 1e-8 * math.exp(-width / 2)
        for columns in sets[nought]:
            whole = rank(matrix) if whole is None else whole
            if rank(np.delete(matrix, columns, axis=1)) < whole:
                few = {place for place in range(len(cells)) if ends[place] in columns}
                return sorted(name for place in few for name in alike[cells[place]])
    return None


def published(seed, folder):
    """Publishes a random company two or three times. Gives after each: the company, the summary, what the attacker
    knows of the days so far by date, and the minimum.
    """
    folder.mkdir(exist_ok=True)
    company = Organisation(seed)
    rng, days = company.rng, {}
    for number in range(rng.choice((2, 2, 3))):
        if number:
            company.change()
        now = dt.datetime(2026, 1, 1 + number, tzinfo=dt.UTC)
        minimum = company.minimum + (rng.choice((0, 0, 0, 2)) if number else 0)
        before = read_ledger(folder / "counted", "q", folder / "summaries" / "q.json")
        frame, verdicts, chosen = company.results()
        summary, after = summarise(
            frame, company.quiz, company.vision, company.staff, before,
            minimum=minimum, now=now, verdicts=verdicts, chosen=chosen,
        )  # fmt: skip
        write_ledger(after, folder / "counted", "q")
        write_summary(summary, folder / "summaries")
        if not number:  # stands for another check, which changes on the page are told from
            write_summary(replace(summary, quiz="older", published=now - dt.timedelta(1)), folder / "summaries")
        days[now.isoformat()] = Day(company)
        yield company, summary, days, minimum
        if erased := company.erase():
            company.answers.pop(erased, None)
            forget(folder / "counted", person=erased)


def leaks(seed, folder):
    """What follows about a few people from all that was published: (family, people) each; and how many figures there
    were, and how many of them had been held back.
    """
    rows, found, count, old = defaultdict(set), [], 0, 0
    for company, _summary, days, minimum in published(seed, folder):
        data = json.loads((folder / "summaries" / "q.json").read_text(encoding="utf-8"))
        newest = defaultdict(set)
        for (what, key, date), value in figures_of(data):
            value = tuple(value) if isinstance(value, list) else value
            check_value(company, days[date], what, key, value)
            count, old = count + 1, old + (date != data["published"])
            for family in families(company, what):
                newest[family].add(frozenset(days[date].about(family, what, key)))
        for family, own in newest.items():
            rows[family] |= own
            if minimum > company.minimum and (few := recovered(frozenset(own), minimum)):
                found.append((f"newest, {family}", few))
    for family, own in rows.items():
        if few := recovered(frozenset(own), company.minimum):
            found.append((family, few))
    return found, count, old


def parted(page):
    """The rows of a page that say nothing but that a group is hidden, by group; and the page without these."""
    rows = re.findall(r"<tr[^>]* data-(?:group|map)=.*?</tr>", page)
    mute = [row for row in rows if 'class="none"' in row]
    for row in mute:
        page = page.replace(row, "")
    return mute, page


def text_of(page):
    return html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<style>.*?</style>", "", page)))


def shares_of(group, data):
    """What a page may say of a group, as shares (0..1): its figures and sums of what became of one answer."""
    yield from group["means"].values()
    for column in data["columns"]:
        for part, own in zip(column["parts"], group["parts"].get(column["id"], ()), strict=False):
            known = dict(zip(part["verdicts"], own, strict=True))
            yield from own
            yield from (own[0] + own[1], 1 - sum(known.get(one, 0) for one in ("covered", "hinted", "contradicted")))
            yield known.get("yes", 0) / ((1 - known.get(UNKNOWN, 0)) or 1)
    for situation in data["situations"]:
        if chose := group["situations"].get(situation["id"]):
            worths = [worth for _, worth in situation["options"]]
            yield from chose
            for wanted in ({1}, {0}, set(worths) - {0, 1}, set(worths)):
                share = sum(share for share, worth in zip(chose, worths, strict=False) if worth in wanted)
                yield from (share, 1 - share)


def check_page(page, data, shown, chosen, older):
    """That a page says nothing of hidden groups but that they are hidden, and no figure that the file does not hold."""
    hidden = [group for group in data["groups"] if group["hidden"]]
    mute, page = parted(page)
    assert all(not re.search(r"\d", text_of(row)) for row in mute)
    said = text_of(page)
    for group in hidden:
        assert f'{group["kind"]}:{group["id"]}"' not in page
        assert f'people={group["kind"]}%3A{group["id"].replace("/", "%2F")}"' not in page
        assert not re.search(rf"(?<!/ )(?<!/)\b{group['label'].replace('/', ' ?/ ?')}\b(?! ?/)", said), group
    counts = {(group["answered"], group["asked"]) for group in shown}
    assert {(int(one), int(two)) for one, two in re.findall(r"(\d+) of (\d+)", said)} <= counts
    whole, roles = shown[0]["means"], [group for group in shown if group["kind"] == "role"]
    held = [share for group in [chosen, *roles] for share in shares_of(group, data)]
    held += [mean for group in [*shown, *older] for mean in group["means"].values()]
    held += [whole[what] - mean for group in shown for what, mean in group["means"].items()]
    for share in map(int, re.findall(r"(\d+)%", said)):
        assert any(abs(100 * one - share) < 0.51 for one in held), share
    for heat in map(float, re.findall(r"--heat:([\d.]+)", page)):
        assert any(abs(one - heat) < 0.00051 for one in held), heat


def check_sheets(summary, data):
    """That downloads hold what the file holds, and of hidden groups the name alone."""
    groups = list(csv.reader(io.StringIO(summary_csv(summary).decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(summary_xlsx(summary)), read_only=True)
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    for row, same in zip(sheets.get("Groups", groups[:1]), groups, strict=True):
        for one, two in itertools.zip_longest(row, same):
            assert float(two) == one if isinstance(one, int | float) else two == (one or "")
    for row, group in zip(groups[1:], data["groups"], strict=True):
        figures = row[3:-1]
        if group["hidden"]:
            assert row[1:3] == [group["label"], "hidden"]
            assert not any([*figures, row[-1]])
        else:
            own = [group["asked"], group["answered"], group["review"], *group["means"].values()]
            assert list(map(float, figures)) == own
    told = [group for group in data["groups"] if not group["hidden"]]
    shares = [share for group in told for own in group["parts"].values() for part in own for share in part]
    assert [row[-1] for row in sheets.get("Parts", [])[1:]] == shares
    assert {row[1] for row in sheets.get("Parts", [])[1:]} <= {group["label"] for group in told}


def check_forms(company, folder, data, members):
    """That no audience, download or page holds more than the file of everything, which the attack is about."""
    write_audiences(folder / "summaries", members, company.staff)
    full = {(group["kind"], group["id"]): group for group in data["groups"]}
    below = people_below(company.staff)
    places = {manager: folder / "summaries" / "managers" / manager for manager in below}
    assert {place.name for place in (folder / "summaries" / "managers").iterdir()} == set(below)
    for manager, place in places.items():
        seen = json.loads((place / "q.json").read_text(encoding="utf-8"))
        assert {**seen, "groups": []} == {**data, "groups": []}
        for group in seen["groups"]:
            key = group["kind"], group["id"]
            assert group == full[key]
            assert members[key] <= below[manager]
    for place in (folder / "summaries", *list(places.values())[:1]):
        summaries = load_summaries(place)
        for summary in summaries:
            told = json.loads((place / f"{summary.quiz}.json").read_text(encoding="utf-8"))
            check_sheets(summary, told)
            older = [] if summary.quiz == "older" else json.loads((place / "older.json").read_text("utf-8"))["groups"]
            older = [group for group in older if not group["hidden"]]
            shown = [group for group in told["groups"] if not group["hidden"]]
            plain = draw_scores(summaries, (), {"check": summary.quiz})
            for group in told["groups"]:
                page = draw_scores(
                    summaries, (), {"check": summary.quiz, "people": f"{group['kind']}:{group['id']}"}
                )  # fmt: skip
                if group["hidden"]:
                    assert page == plain
                else:
                    check_page(page, told, shown, group, older)
            if not shown:
                assert not re.search(r"\d+%|\d of \d", text_of(plain))


@pytest.mark.parametrize("start", range(0, 1000, 50))
def test_no_subtraction_over_filters_downloads_and_dates_tells_about_a_few(start, tmp_path):
    count = old = 0
    for seed in range(start, start + 50):
        found, new, held = leaks(seed, tmp_path / str(seed))
        assert not found, f"organisation {seed}"
        count, old = count + new, old + held
    assert count > 3000, "and something is published"
    assert old > 500, "some of it held back"


@pytest.mark.parametrize("start", range(0, 100, 25))
def test_no_form_holds_a_figure_that_the_file_of_everything_does_not_hold(start, tmp_path):
    hidden = 0
    for seed in range(start, start + 25):
        folder = tmp_path / str(seed)
        company, _, days, _ = list(published(seed, folder))[-1]
        data = json.loads((folder / "summaries" / "q.json").read_text(encoding="utf-8"))
        check_forms(company, folder, data, days[data["published"]].members)
        hidden += sum(group["hidden"] for group in data["groups"])
    assert hidden > 10


def test_situations_are_told_and_told_again_where_they_can_be(tmp_path):
    """The attack would be content with nothing at all."""
    first = again = 0
    for seed in range(40):
        for _, summary, days, _ in published(seed, tmp_path / str(seed)):
            told = sum(bool(group.situations) and SITUATIONS not in group.as_of for group in summary.groups)
            first, again = first + told * (len(days) == 1), again + told * (len(days) > 1)
    assert first > 50
    assert again > 10


def only_if_nobody(history, now, groups, minimum):
    """Every group is published."""
    return set(groups) - {group for _, inside in now.values() for group in inside}


def as_if_for_the_first_time(history, now, groups, minimum):
    """Earlier publications are not looked at."""
    return hold_back({}, now, groups, minimum)


def all_scenarios(met, new, groups, minimum):
    """What people chose is told of every scenario and group."""
    return frozenset().union(*met.values()) - {REST}, list(groups)


def whoever_changed(person, own, before, means, column):
    """Who changed in one scenario connects all: then a scenario is told anew in which hardly anybody changed."""
    known = before.people.get(SITUATIONS, {}).get(digest(before.key, person), {})
    worths = {digest(before.key, SITUATIONS, person, one) for one in own.points | set(own.worths.values())}
    return own.met if worths - known.keys() else frozenset()


BROKEN = {
    "hold_back": (only_if_nobody, as_if_for_the_first_time),
    "choose_shown": (all_scenarios,),
    "_new_points": (whoever_changed,),
    "hide_kept": (lambda *_: set(),),
}


@pytest.mark.parametrize(("name", "rule"), [(name, rule) for name, rules in BROKEN.items() for rule in rules])
def test_the_attack_finds_what_other_rules_leave_open(name, rule, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing if hasattr(publishing, name) else situation_figures, name, rule)
    assert any(leaks(seed, tmp_path / str(seed))[0] for seed in range(60))
