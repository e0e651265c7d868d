"""The vaults of the demo workspace: three administrator vaults, and those of some members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from store.minting import Mint
from store.models import AdministratorVault, Group, ServiceAccount, User, Vault
from store.operations.vault_texts import GoodText, saved
from store.persistence.vault_texts import SavedText
from store.times import to_text
from store.vaults.formats import Format

_DOCKER_LOGIN = """\
# Pulls images of the team's registry on machines that the autoscaler starts, with their own role.
agent {
    default_docker {
        image: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/ml/base:2.4"
        arguments: ["--ipc=host", "--shm-size=8g", "--ulimit=memlock=-1:-1", "--network=host"]
    }

    extra_docker_shell_script: [
        "apt-get update && apt-get install -y --no-install-recommends awscli git-lfs",
        "export AWS_DEFAULT_REGION=eu-west-1",
        "export REGISTRY=123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "aws ecr get-login-password | docker login --username AWS --password-stdin $REGISTRY",
    ]

    # What the tasks of one machine share: packages, repositories, models and datasets.
    docker_pip_cache: /mnt/cache/pip
    docker_apt_cache: /mnt/cache/apt
    vcs_cache.path: /mnt/cache/vcs
}

sdk {
    aws.s3 {
        region: "eu-west-1"
        use_credentials_chain: true
    }
    development.default_output_uri: "s3://acme-ml-artifacts/tasks"
    storage.cache.default_base_dir: /mnt/cache/clearml  # not the root disk
}
"""
_RUNNING_DOCKER = (
    "agent.default_docker { "
    'image: "nvidia/cuda:12.4.1-runtime-ubuntu22.04", arguments: ["--ipc=host"] }\n'
)
_AUTOSCALER = """\
# Of the role that starts machines, not of the tasks on them.
sdk:
  aws:
    s3:
      region: eu-west-1
      credentials:
        - bucket: acme-ml-artifacts
          key: AKIAEXAMPLEAUTOSCALE
          secret: not-a-real-secret-of-the-autoscaler
"""
_MODEL_MANAGER = """\
agent {
    git_user="vault_user"
    git_pass="vault_pass"

    force_git_ssh_protocol: true
}
"""
_DEVOPS_BOT = """\
{
  "agent": {
    "git_user": "devops-bot",
    "git_pass": "vault_pass",
    "default_docker": {"arguments": ["--ipc=host", "--network=host"]}
  },
  "environment": {"HTTPS_PROXY": "http://proxy.acme.example:3128"}
}
"""
_ADA = (
    """\
sdk.development.worker.log_stdout: true
""",
    """\
sdk.development {
    worker.log_stdout: true
    default_output_uri: "s3://ada-scratch/tasks"
}
""",
    """\
# My own output goes to scratch, wherever I work.
sdk.development {
    worker.log_stdout: false
    default_output_uri: "s3://ada-scratch/tasks"
}
environment.WORK_FOLDER: ${?HOME}/work
""",
)


@dataclass(frozen=True)
class _ForGroups:
    """An administrator vault, changed so many hours before the demo's now."""

    name: str
    group: str
    text: str
    hours: float
    format: Format = "hocon"
    enabled: bool = True


@dataclass(frozen=True)
class _OfMember:
    """A member's vault, by the member's name, with its texts, oldest first."""

    member: str
    texts: tuple[str, ...]
    hours: float
    format: Format = "hocon"
    enabled: bool = True


_FOR_GROUPS = (
    _ForGroups("autoscaler credentials", "Admins", _AUTOSCALER, 98, "yaml", enabled=False),
    _ForGroups("Agents running docker", "Users", _RUNNING_DOCKER, 22),
    _ForGroups("AWS scaler docker login", "Users", _DOCKER_LOGIN, 20),
)
_OF_MEMBERS = (
    _OfMember("Ada Lindqvist", _ADA, 30),
    _OfMember("devops-bot", (_DEVOPS_BOT,), 51, "json"),
    _OfMember("model-manager", (_MODEL_MANAGER,), 75, enabled=False),
)
_BETWEEN_TEXTS = timedelta(days=3)


def demo_vaults(
    mint: Mint,
    now: datetime,
    members: Sequence[User | ServiceAccount],
    groups: Sequence[Group],
) -> tuple[list[AdministratorVault], list[Vault], list[SavedText]]:
    """The vaults, and all of their texts.

    Args:
        mint: Where their ids come from.
        now: The demo's now.
        members: The members; the first is the administrator who saved them all.
        groups: The groups.
    """
    by = members[0].id
    ids = {member.name: member.id for member in members} | {one.name: one.id for one in groups}
    for_groups = [
        _for_groups(mint.new_id(), now, by, ids[described.group], order, described)
        for order, described in enumerate(_FOR_GROUPS, start=1)
    ]
    texts = [
        saved(vault, GoodText.of(described.text, described.format))
        for vault, described in zip(for_groups, _FOR_GROUPS, strict=True)
    ]
    of_members = []
    for described in _OF_MEMBERS:
        versions = _versions(mint.new_id(), now, by, ids[described.member], described)
        of_members.append(versions[-1])
        texts += [
            saved(vault, GoodText.of(text, described.format))
            for vault, text in zip(versions, described.texts, strict=True)
        ]
    return for_groups, of_members, texts


def _for_groups(
    key: str, now: datetime, by: str, group: str, order: int, described: _ForGroups
) -> AdministratorVault:
    good = GoodText.of(described.text, described.format)
    at = to_text(now - timedelta(hours=described.hours))
    return AdministratorVault(
        id=key,
        name=described.name,
        groups=[group],
        order=order,
        created_at=at,
        format=good.format,
        text_hash=good.digest,
        size=good.size,
        lines=good.lines,
        enabled=described.enabled,
        updated_at=at,
        updated_by=by,
    )


def _versions(key: str, now: datetime, by: str, member: str, described: _OfMember) -> list[Vault]:
    """A member's vault as it was with each of its texts, oldest first."""
    versions = []
    for number, text in enumerate(described.texts, start=1):
        good = GoodText.of(text, described.format)
        before = (len(described.texts) - number) * _BETWEEN_TEXTS
        vault = Vault(
            id=key,
            revision=number,
            member=member,
            format=good.format,
            text_hash=good.digest,
            text_number=number,
            size=good.size,
            lines=good.lines,
            enabled=described.enabled,
            updated_at=to_text(now - timedelta(hours=described.hours) - before),
            updated_by=by,
        )
        versions.append(vault)
    return versions
