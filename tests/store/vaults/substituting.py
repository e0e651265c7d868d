"""Generated HOCON that is full of substitutions."""

from __future__ import annotations

from hypothesis import strategies as st

# The names that texts below take from where they run.
OF_ENVIRONMENT = {"HOME": "/home/h", "NO": "n", "low": "l"}
NAMES = ["a", "b", "c", "a.b", "a.c", "b.c", "sdk", "sdk.a", "environment", "a.b.c"]
REFERENCES = st.builds(
    "${{{}{}}}".format,
    st.sampled_from(["", "", "?"]),
    st.sampled_from([*NAMES, *OF_ENVIRONMENT, "q.r", " HOME "]),
)
WORDS = st.sampled_from(["x", "1", "true", "null", '"q"', '""', "x y", "/p", "2.5", '"-e"'])
FORMS = ["{}/x", "x{}", "{} {}", "{}{}", '"p" {}', '{} "q"', "{} x", "{} {{ x = 1 }}"]
FORMS += ["{{ x = {} }} {}", "{} [1]", "[2] {}", "{} [{}]"]
JOINED = st.builds(
    lambda form, one, other: form.format(one, other), st.sampled_from(FORMS), REFERENCES, REFERENCES
)


def _within(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.builds("{} = {}".format, st.sampled_from("xybc"), values)
    objects = st.lists(pair, max_size=2).map(lambda held: f"{{ {', '.join(held)} }}")
    lists = st.lists(values, max_size=2).map(lambda held: f"[{', '.join(held)}]")
    return st.one_of(objects, lists)


VALUES = st.recursive(st.one_of(REFERENCES, WORDS, JOINED), _within, max_leaves=3)
SETTINGS = st.one_of(
    st.builds(
        "{}{}{}".format,
        st.sampled_from([*NAMES, "HOME"]),
        st.sampled_from([" = ", " = ", " : ", " += "]),
        VALUES,
    ),
    st.builds("{} {{ {} = {} }}".format, *map(st.sampled_from, (NAMES, ["x", "b", "c"])), VALUES),
)
# Texts that are full of substitutions, some of which clients stumble over.
SUBSTITUTING = st.lists(SETTINGS, min_size=1, max_size=5).map("\n".join)
