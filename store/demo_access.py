"""The catalogue of the demo workspace, and the access rules on what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.minting import Mint
from store.models import AccessRule, Group, Resource, ServiceAccount, User
from store.terms import PROJECT, QUEUE, READ_MODIFY, READ_ONLY, Permission, ResourceType
from store.times import to_text

# Each project with what lies in it, after the project that it lies in.
_PROJECTS: dict[str, tuple[tuple[ResourceType, str], ...]] = {
    "Data Platform": (),
    "Data Platform/Ingestion": (
        ("task", "ingest clicks"),
        ("task", "ingest transactions"),
        ("dataset", "clicks raw"),
    ),
    "Fraud Detection": (
        ("task", "train gradient boosting"),
        ("model", "fraud-gbm 12"),
        ("dataset", "transactions 2025-Q4"),
        ("dataview", "disputed transactions"),
    ),
    "Inference": (
        ("task", "load test serving-eu-1"),
        ("model", "serving bundle eu"),
    ),
    "Recommendations": (
        ("task", "two-tower weekly"),
        ("model", "two-tower 2026-09"),
        ("dataview", "clicks, last 90 days"),
    ),
    "Research": (),
    "Research/LLM fine-tuning": (
        ("task", "tune on support tickets"),
        ("model", "support-assistant 0.4"),
        ("dataset", "support tickets, anonymised"),
    ),
    "Sandbox": (("task", "hello world"),),
    "Speech": (),
    "Speech/Recognition": (
        ("task", "train conformer-m"),
        ("model", "conformer-m 1.8"),
        ("dataset", "call recordings 2025"),
    ),
    "Vision": (
        ("dataset", "street scenes 4.1"),
        ("dataview", "street scenes, rainy nights"),
    ),
    "Vision/Detector": (
        ("task", "train yolo-l"),
        ("task", "evaluate nightly"),
        ("model", "yolo-l street 2.3"),
    ),
    "Vision/Segmentation": (
        ("task", "train segformer-b4"),
        ("model", "segformer-b4 2026-02"),
    ),
}
_QUEUES = ("cpu-large", "default", "gpu-a100", "gpu-h100", "services", "serving-eu")


@dataclass(frozen=True)
class _Rule:
    """A rule on what the name, or the path of a project, names, or on all of the type for None."""

    type: ResourceType
    resource: str | None
    permission: Permission
    groups: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


_RULES = (
    _Rule(PROJECT, "Vision", READ_MODIFY, ("Vision",)),
    _Rule(PROJECT, "Vision", READ_ONLY, ("Research",)),
    _Rule(PROJECT, "Fraud Detection", READ_MODIFY, ("Data Platform",), ("Kavya Iyer",)),
    _Rule(PROJECT, "Inference", READ_MODIFY, ("Inference",)),
    _Rule(PROJECT, "Research/LLM fine-tuning", READ_ONLY, ("Research",)),
    _Rule(PROJECT, "Research/LLM fine-tuning", READ_MODIFY, (), ("Mei-Ling Wu", "Priya Raman")),
    # Kept from all but administrators until what it holds is anonymised.
    _Rule("dataset", "call recordings 2025", READ_ONLY),
    _Rule("model", None, READ_ONLY, ("Users",)),
    _Rule("model", None, READ_MODIFY, ("MLOps",), ("model-manager",)),
    _Rule(QUEUE, "gpu-a100", READ_MODIFY, ("MLOps", "Research", "Vision"), ("devops-bot",)),
    # No service account is among its groups but that of MLOps.
    _Rule(QUEUE, "gpu-h100", READ_MODIFY, ("MLOps", "Research")),
    _Rule(QUEUE, "services", READ_MODIFY, ("MLOps", "Service Accounts")),
    _Rule(QUEUE, "serving-eu", READ_MODIFY, ("Inference",)),
)


def demo_access(
    mint: Mint, now: datetime, members: Sequence[User | ServiceAccount], groups: Sequence[Group]
) -> tuple[list[Resource], list[AccessRule]]:
    """The resources, and the rules on them.

    Args:
        mint: Where their ids come from.
        now: The demo's now.
        members: The members.
        groups: The groups.
    """
    resources = _resources(mint)
    named = {path: resource.id for path, resource in resources.items()}
    of_group = {group.name: group.id for group in groups}
    of_member = {member.name: member.id for member in members}
    rules = [
        AccessRule(
            id=mint.new_id(),
            type=rule.type,
            resource=None if rule.resource is None else named[rule.resource],
            permission=rule.permission,
            members=[of_member[name] for name in rule.members],
            groups=[of_group[name] for name in rule.groups],
            created_at=to_text(now - timedelta(days=200 - 13 * number)),
        )
        for number, rule in enumerate(_RULES)
    ]
    return list(resources.values()), rules


def _resources(mint: Mint) -> dict[str, Resource]:
    """The projects by their paths, and what else there is by name."""
    resources: dict[str, Resource] = {}
    for path, contents in _PROJECTS.items():
        around, _, name = path.rpartition("/")
        project = Resource(
            id=mint.new_id(),
            type=PROJECT,
            name=name,
            project=resources[around].id if around else None,
        )
        resources[path] = project
        for kind, called in contents:
            resources[called] = Resource(
                id=mint.new_id(), type=kind, name=called, project=project.id
            )
    for queue in _QUEUES:
        resources[queue] = Resource(id=mint.new_id(), type=QUEUE, name=queue)
    return resources
