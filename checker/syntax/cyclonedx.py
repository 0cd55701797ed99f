"""Reads a CycloneDX BOM in XML as the JSON that CycloneDX's other form would have for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from checker.syntax.places import Places
from checker.syntax.xml import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from checker.model import JSON
    from checker.syntax.places import Span
    from checker.syntax.xml import Element
    from checker.text import Region, Text

NAMESPACE: Final = "http://cyclonedx.org/schema/bom/"
"""What the namespace of a BOM starts with; the version of the specification follows."""

_REPEATED: Final = frozenset({"url", "contact"})
"""Lists whose items stand in XML without an element around them."""

_RENAMED: Final = {"responses": "response"}
_SCALARS: Final[Mapping[str, Callable[[str], JSON]]] = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": lambda value: value in {"true", "1"},
}


class Node:
    """Shows one value of the JSON form: `shape` is its JSON schema, the other parts say where it comes from.

    A scalar is the text of its element or one of its attributes; `members` replaces what an object or list would
    otherwise take from its element's children.
    """

    __slots__ = ("attribute", "element", "members", "shape")

    def __init__(
        self,
        shape: Mapping[str, Any],
        element: Element,
        attribute: str = "",
        members: dict[str | int, Node] | None = None,
    ) -> None:
        self.shape = shape
        self.element = element
        self.attribute = attribute
        self.members = members

    @property
    def type(self) -> str:
        """Return the JSON type; where the schema leaves a choice, a list is an element whose first child is a tool."""
        kind: str | list[str] = self.shape["type"]
        if isinstance(kind, str):
            return kind
        return "array" if self.element.children and self.element.children[0].name == "tool" else "object"


class BOM(Places[Node]):
    """Shows a BOM as JSON of the shape that a JSON schema describes, with the place of each value in the XML.

    What the schema does not list is left out, and so are elements of other namespaces.
    """

    def __init__(self, text: Text, root: Element, schema: Mapping[str, Any]) -> None:
        super().__init__(text)
        self._root = Node(schema, root)
        self._namespace = root.namespace
        self._definitions: Mapping[str, Any] = schema["definitions"]
        self._properties_of: dict[int, Mapping[str, Any]] = {}
        self._markup: Markup | None = None

    def value(self, node: Node | None = None) -> JSON:
        """Return the JSON of a node, or of the whole BOM."""
        node = node or self._root
        if node.type == "object":
            return {key: self.value(child) for key, child in self._members(node).items()}
        if node.type == "array":
            return [self.value(child) for child in self._members(node).values()]
        written = node.element.attributes[node.attribute] if node.attribute else node.element.text
        return _SCALARS[node.type](written.strip())

    def place(self, steps: tuple[int, ...], attribute: str = "") -> Region:
        """Return the region of an attribute's value, or of the name of the element that positions of children lead to.

        Positions start at the root and count from 1.
        """
        element = self._root.element
        for step in steps:
            element = element.children[step - 1]
        tokens = self._tokens.attribute(element, attribute)
        return self.text.region(*(tokens[1] if tokens else self._tokens.name(element)))

    def root(self) -> Node:
        """Return the node of the root element."""
        return self._root

    def child(self, node: Node, step: str | int) -> tuple[Span | None, Node] | None:
        """Return the token that names a member (an attribute's or an element's name) and the member."""
        if node.type not in {"object", "array"}:
            return None
        node.members = self._members(node)  # kept: a BOM with thousands of findings is asked for each
        child = node.members.get(step)
        if child is None:
            return None
        return (None if isinstance(step, int) else self._name(child)), child

    def first_key(self, node: Node) -> Span | None:
        """Return the element's own name, by which a reader of XML knows it."""
        return self._name(node)

    def scalar(self, node: Node) -> Span | None:
        """Return an attribute's value with its quotes, or an element's text."""
        if node.type in {"object", "array"}:
            return None
        if node.attribute:
            return self._attribute(node)[1]
        return self._tokens.text(node.element)

    def first(self, node: Node) -> Span:
        """Return the element's name."""
        return self._name(node)

    def extent(self, node: Node) -> Span:
        """Return the offsets of an attribute's value, else of the whole element."""
        return self._attribute(node)[1] if node.attribute else self._tokens.extent(node.element)

    @property
    def _tokens(self) -> Markup:
        """Make the index of the text on first need: most BOMs have nothing to locate."""
        if self._markup is None:
            self._markup = Markup(self.text)
        return self._markup

    def _name(self, node: Node) -> Span:
        return self._attribute(node)[0] if node.attribute else self._tokens.name(node.element)

    def _attribute(self, node: Node) -> tuple[Span, Span]:
        return self._tokens.attribute(node.element, node.attribute) or (self._tokens.name(node.element),) * 2

    def _members(self, node: Node) -> dict[str | int, Node]:
        if node.members is not None:
            return node.members
        members = self._items(node) if node.type == "array" else self._properties(node)
        return dict(members)

    def _items(self, node: Node) -> Iterator[tuple[int, Node]]:
        shape = self._resolved(node.shape["items"])
        for index, child in enumerate(self._children(node.element)):
            yield index, self._license(shape, child) if node.element.name == "licenses" else Node(shape, child)

    def _license(self, shape: Mapping[str, Any], element: Element) -> Node:
        """Show an entry of `licenses`: the JSON form has an object around it."""
        shapes = shape["properties"]
        key = "license" if element.name == "license" else "expression"
        if element.name == "expression-detailed":
            return Node(shape, element)
        members: dict[str | int, Node] = {key: Node(shapes[key], element)}
        if key == "expression":
            members |= {name: Node(shapes[name], element, name) for name in element.attributes if name in shapes}
        return Node(shape, element, members=members)

    def _properties(self, node: Node) -> Iterator[tuple[str, Node]]:
        element = node.element
        shapes = self._shapes(node.shape)
        for name in element.attributes:
            if name in shapes:
                yield name, Node(shapes[name], element, name)
        repeated: dict[str, dict[str | int, Node]] = {}
        for child in self._children(element):
            key = _RENAMED.get(child.name, child.name)
            shape = shapes.get(key)
            if element.name == "dependency" and child.name in {"dependency", "provides"}:
                key = "provides" if child.name == "provides" else "dependsOn"
                shape = shapes[key]
                items = repeated.setdefault(key, {})
                items[len(items)] = Node(shape["items"], child, "ref")
            elif shape is None:
                continue
            elif key in _REPEATED and shape["type"] == "array":
                items = repeated.setdefault(key, {})
                items[len(items)] = Node(self._resolved(shape["items"]), child)
            else:
                yield key, Node(shape, child)
        for key, items in repeated.items():
            yield key, Node(shapes[key], next(iter(items.values())).element, members=items)
        content = next((key for key in ("content", "value") if key in shapes), "")
        if content and not element.children and element.text.strip():
            yield content, Node(shapes[content], element)

    def _children(self, element: Element) -> Iterator[Element]:
        return (child for child in element.children if child.namespace == self._namespace)

    def _shapes(self, shape: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the shapes of an object's members, put together once for each shape of the schema."""
        shapes = self._properties_of.get(id(shape))
        if shapes is None:
            shapes = {key: self._resolved(member) for key, member in shape["properties"].items()}
            self._properties_of[id(shape)] = shapes
        return shapes

    def _resolved(self, shape: Mapping[str, Any]) -> Mapping[str, Any]:
        reference: str = shape.get("$ref", "")
        return self._definitions[reference.rpartition("/")[2]] if reference else shape
