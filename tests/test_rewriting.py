"""TOML with other values in it: what did not change is there byte for byte, whatever the file looks like."""

import copy
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionquiz.kit import kit_path
from visionquiz.rewriting import rewrite_toml

SHIPPED = [path.read_text() for path in sorted(kit_path("assessments").glob("*/vision.toml"))]

ODD = '''# [not.a.header]
top = "[[a]]" # "
  [ "sp ace" ] # [x]
deep = [
  [1, 2], # ]
  [3],
]
text = """
[[a]]
# not a comment"""
# about a

# the first one
[[a]] # one
id = "1"   # its id
raw = \'\'\'
[[a]]\'\'\'\'\'
[[a.more]]
x = 1
# a word on more

# SECOND HALF

# the second one
[[a]]
id = "2"
[other]
y = {z = [1]}
# the third, far away
  [[a]]
  id = "3"
# the end'''


@pytest.mark.parametrize("text", [*SHIPPED, ODD, "", "# nothing", "x = 1"])
def test_the_same_values_are_the_same_file(text):
    assert rewrite_toml(text, tomllib.loads(text)) == text


def change(text, key, make):
    new = copy.deepcopy(tomllib.loads(text))
    new[key] = make(new[key])
    if new[key] is None:
        del new[key]
    return rewrite_toml(text, new)


def test_one_value_is_changed_and_its_comment_stays():
    assert change('x = 1 # one\ny = "a"\n', "x", lambda _: 2) == 'x = 2 # one\ny = "a"\n'
    assert change("[a]\nx = 'v' # one", "a", lambda _: {"x": "w"}) == '[a]\nx = "w" # one'
    assert change("a.x = 1\nb = 2\n", "a", lambda _: {"x": 3}) == "a.x = 3\nb = 2\n"
    assert change("a = {x = 1} # c\n", "a", lambda _: {"x": 3}) == "a = {x = 3} # c\n"


def test_an_entry_is_changed_and_the_others_stay():
    assert change(ODD, "other", lambda _: {"y": 5}) == ODD.replace("y = {z = [1]}", "y = 5")
    changed = change(ODD, "a", lambda rows: [{**rows[0], "id": "1", "new": "x"}, *rows[1:]])
    assert 'id = "1"   # its id' in changed
    assert changed.startswith(ODD[: ODD.index("[[a.more]]") - 1])


def test_a_comment_above_an_entry_goes_with_it_and_others_stay():
    without = change(ODD, "a", lambda rows: [rows[0], rows[2]])
    assert "# the second one" not in without
    for comment in ("# the first one", "# SECOND HALF", "# the third, far away", "# a word on more", "# the end"):
        assert comment in without
    first_gone = change(ODD, "a", lambda rows: rows[1:])
    assert "# about a\n\n# the first one\n\n# SECOND HALF\n\n# the second one\n[[a]]" in first_gone


def test_a_list_that_is_gone_leaves_what_stands_around_it():
    left = change("x = 1\n\n# about a\n[[a]]\nid = 1\n\n# about b\n[b]\n", "a", lambda _: None)
    assert left == "x = 1\n\n# about a\n\n# about b\n[b]\n"


def test_a_list_within_one_value_is_written_as_one():
    said = change('a = [{id = "1"}] # c\nb = 2\n', "a", lambda _: [{"id": "2", "t": ["x"]}])
    assert said == 'a = [{id = "2", t = ["x"]}] # c\nb = 2\n'


def test_a_file_that_does_not_end_in_a_line_gets_one_more_entry():
    assert change("[[a]]\nid = 1", "a", lambda rows: [*rows, {"id": 2}]) == "[[a]]\nid = 1\n\n[[a]]\nid = 2\n"


def test_long_lists_have_a_line_for_each_text():
    said = change("a = []\n", "a", lambda _: ["x" * 60, "y" * 60])
    assert said == f'a = [\n  "{"x" * 60}",\n  "{"y" * 60}",\n]\n'


values = st.recursive(
    st.text(max_size=8) | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)
rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 6)}, optional={"t": st.text(max_size=8), "v": values}),
    max_size=5,
    unique_by=lambda row: row["id"],
)


@given(rows, st.text(max_size=5), st.sampled_from(["", "# note\n", "\n# note\n", "\n# far\n\n# near\n"]))
def test_any_rows_can_be_put_in_the_place_of_any_others(new, said, between):
    entries = between.join(f"[[a]]\nid = {number} # {number}\nt = '''\n[[a]]\n#'''\n" for number in range(4))
    text = f"# top\nx = 1\n\n# about a\n{entries}\n# about b\n[b]\ny = 1 # y\n# end\n"
    wanted = {"x": 1, "b": {"y": said}} | ({"a": new} if new else {})
    written = rewrite_toml(text, wanted)
    assert tomllib.loads(written) == wanted
    assert written.startswith("# top\nx = 1\n\n# about a\n")
    assert written.endswith(" # y\n# end\n")
    assert "\n# about b\n[b]\n" in written
    assert rewrite_toml(written, wanted) == written
