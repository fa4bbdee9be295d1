"""The shipped model up to the layer where near in meaning is still near: half the work and half the memory.

An ONNX file is a protocol buffer, and all that is done here is to leave out nodes that nothing wanted needs. The onnx
package could do it, but it is far larger than these lines and nothing else would use it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

__all__ = ["cut_model"]

GRAPH = 7
"""Numbers of fields in ``onnx.proto``, here of a model; below those of a graph, a node, a constant, an output."""
NODE, INITIALIZER, INPUT, OUTPUT, VALUE_INFO = 1, 5, 11, 12, 13
NODE_INPUT, NODE_OUTPUT, NODE_KIND = 1, 2, 4
CONSTANT_NAME, VALUE_NAME = 8, 1

MATRIX = "MatMulNBits"
"""The kind of node that holds trained weights."""


@dataclass(frozen=True, eq=False)
class _Node:
    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def cut_model(model: bytes, *, middle: str, kept: str) -> tuple[bytes, tuple[str, ...]]:
    """The model with the outputs `middle` and, layer by layer below it, what `kept` joins; with the names of these.

    Raises `ValueError` where the model is of another design.
    """
    try:
        whole = [(number, raw) for number, _, raw in _fields(memoryview(model)) if number != GRAPH]
        (graph,) = [part for number, part, _ in _fields(memoryview(model)) if number == GRAPH]
        fields = [
            (number, raw, _read_node(part) if number == NODE else None, part) for number, part, raw in _fields(graph)
        ]
        made = {name: node for _, _, node, _ in fields if node for name in node.outputs}
        below = _needed([middle], made)
        layers = tuple(
            name
            for name in made[kept].inputs
            if name in made and all(node in below for node in _needed([name], made) if node.kind == MATRIX)
        )
    except (IndexError, KeyError, UnicodeDecodeError, ValueError):
        raise ValueError("the model is of another design: it cannot be cut half-way up") from None
    wanted = _needed([middle, *layers], made)
    named = {name for node in wanted for name in node.inputs}
    found = bytearray()
    for number, raw, node, part in fields:
        if node:
            stays = node in wanted
        elif number == INITIALIZER:
            stays = _name(part, CONSTANT_NAME) in named
        elif number == INPUT:
            stays = _name(part, VALUE_NAME) in named
        else:
            stays = number not in (OUTPUT, VALUE_INFO)
        if stays:
            found += raw
    for name in (middle, *layers):
        found += _block(OUTPUT, _block(VALUE_NAME, name.encode()))
    return b"".join(raw for _, raw in whole) + _block(GRAPH, found), layers


def _needed(names: Iterable[str], made: Mapping[str, _Node]) -> set[_Node]:
    """The nodes without which these cannot be worked out."""
    found, left = set[_Node](), list(names)
    while left:
        node = made.get(left.pop())
        if node and node not in found:
            found.add(node)
            left += node.inputs
    return found


def _read_node(part: memoryview) -> _Node:
    texts = [(number, bytes(text).decode()) for number, text, _ in _fields(part) if number <= NODE_KIND]
    inputs, outputs = (tuple(text for number, text in texts if number == one) for one in (NODE_INPUT, NODE_OUTPUT))
    return _Node(next((text for number, text in texts if number == NODE_KIND), ""), inputs, outputs)


def _name(part: memoryview, field: int) -> str:
    return next((bytes(text).decode() for number, text, _ in _fields(part) if number == field), "")


def _fields(data: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """(number, content, all bytes) of each field of a message; content is empty for plain numbers.

    See https://protobuf.dev/programming-guides/encoding/.
    """
    place = 0
    while place < len(data):
        start = place
        key, place = _number(data, place)
        begin = place
        if key & 7 == 0:
            _, place = _number(data, place)
            begin = place
        elif key & 7 == 2:
            length, begin = _number(data, place)
            place = begin + length
        elif key & 7 in (1, 5):
            begin = place = place + (8 if key & 7 == 1 else 4)
        else:
            raise ValueError("not a protocol buffer")
        if place > len(data):
            raise ValueError("cut off")
        yield key >> 3, data[begin:place], data[start:place]


def _number(data: memoryview, place: int) -> tuple[int, int]:
    found = shift = 0
    while True:
        byte = data[place]
        place += 1
        found |= (byte & 127) << shift
        if byte < 128:
            return found, place
        shift += 7


def _block(field: int, content: bytes | bytearray) -> bytes:
    """A field that holds text or a message."""
    found = bytearray([field << 3 | 2])
    length = len(content)
    while length > 127:
        found.append(length & 127 | 128)
        length >>= 7
    found.append(length)
    return bytes(found + content)
