"""Configuration files as people write them for the SDK, agents and servers of ClearML.

Each ends at a line of `%%`. They are to be recognised as HOCON, and nothing in them is a mistake,
so nothing is to be said of them but what is warned of in every vault.
"""

from __future__ import annotations

_SDK = r"""
# my laptop
api {
    # the three servers of the team
    web_server: http://clearml.lab.example:8080
    api_server: http://clearml.lab.example:8008
    files_server: http://clearml.lab.example:8081
    credentials {"access_key": "AKEY", "secret_key": "SKEY"}
}
sdk {
    storage {
        cache {
            default_base_dir: "~/.clearml/cache"
        }
        direct_access: [
            # local files are never copied
            { url: "file://*" }
        ]
    }
    metrics {
        file_history_size: 100
        tensorboard_single_series_per_graph: false
    }
}
%%
api: {
  web_server: "https://app.team.example"
  api_server: "https://api.team.example"
  files_server: "https://files.team.example"
  credentials: {
    access_key: "AKEY"
    secret_key: "SKEY"
  }
}
%%
api.web_server = http://10.1.2.3:8080
api.api_server = http://10.1.2.3:8008
api.files_server = http://10.1.2.3:8081
api.credentials.access_key = AKEY
api.credentials.secret_key = SKEY
%%
api.web_server: http://10.1.2.3:8080
api.api_server: http://10.1.2.3:8008
api.files_server: http://10.1.2.3:8081
%%
api.web_server="https://a.example"
api.verify_certificate=false
sdk.development.default_output_uri="s3://models/out"
%%
sdk.aws.s3 {
  key: "", secret: "", region: "eu-central-1"
  credentials: [
    {
      host: "minio.lab.example:9000"
      key: "minio"
      secret: "long secret, with a comma"
      multipart: false
      secure: false
    },
  ]
}
%%
sdk {
  google.storage {
    project = vision-lab
    credentials_json = /etc/keys/gcs.json
    # one for each bucket
    # credentials = [ { bucket: "a", subdir: "b", project: "c", credentials_json: "d" } ]
  }
}
%%
sdk {
  azure.storage {
    containers: [
      { account_name: "acct", account_key: "a2V5", container_name: "first" },
      { account_name: "acct", account_key: "a2V5", container_name: "second" }
    ]
  }
  log {
    null_log_propagate: False
    task_log_buffer_capacity: 66
    disable_urllib3_info: True
  }
}
%%
# everything about git and uncommitted changes
sdk.development {
  task_reuse_time_window_in_hours: 72.0
  vcs_repo_detect_async: true
  store_uncommitted_code_diff: true
  support_stopping: true
  detect_with_pip_freeze: false
  log_os_environments: ["CUDA_VISIBLE_DEVICES", "SLURM_*"]
  worker {
    report_period_sec: 2
    ping_period_sec: 30
    log_stdout: true
  }
}
%%
sdk {
  network {
    metrics { file_upload_threads: 4, file_upload_starvation_warning_sec: 120 }
    iteration { max_retries_on_server_error: 5, retry_backoff_factor_sec: 10 }
  }
}
%%
{
  "sdk": {
    "storage": { "cache": { "default_base_dir": "/scratch/cache" } },
    # a comment, so it is no JSON
    "development": { "worker": { "report_period_sec": 5 } },
  }
}
%%
{
  api { host: "http://a.example:8008", verify_certificate: true }
  sdk { }
}
%%
sdk.storage.cache.default_base_dir = ${HOME}/.clearml/cache
sdk.storage.cache.size.max_used_bytes = 50GB
sdk.storage.cache.size.min_free_bytes = 10GB
%%
include "common.conf"
sdk.metrics.matplotlib_untitled_history_size = 50
%%
sdk {
  include file("/etc/clearml/sdk.conf")
  development.default_output_uri: "https://files.example/out"
}
%%
sdk.apply_environment = true
environment {
    AWS_PROFILE: "research"
    OMP_NUM_THREADS = 8
    HF_HOME: /data/hf
}
%%
files {
    netrc {
        contents: "machine git.example login bot"
        path: "~/.netrc"
        target_format: text
        mode: "0o600"
    }
}
%%
files.pip.contents = "[global]\nindex-url = https://pypi.example/simple\n"
files.pip.path = ~/.config/pip/pip.conf
files.pip.overwrite = true
%%
logging {
    version: 1
    disable_existing_loggers: 0
    root { level: INFO, handlers: [console] }
}
"""

_AGENT = r"""
agent {
    # credentials for the repositories
    git_user: "build-bot"
    git_pass: "ghp_abcdef"
    package_manager: {
        type: pip
        pip_version: ["<20.2 ; python_version < '3.10'", "<22.3 ; python_version >= '3.10'"]
        extra_index_url: ["https://pypi.example/simple"]
        system_site_packages: false
    }
}
%%
agent.git_user: bot
agent.package_manager.type: pip
%%
agent.git_user = "bot"
agent.package_manager.type = conda
agent.package_manager.conda_channels = ["pytorch", "conda-forge", "defaults"]
%%
agent.default_docker.image: "nvidia/cuda:12.2.0-runtime-ubuntu22.04"
agent.default_docker.arguments: ["--ipc=host", "-v", "/data:/data"]
agent.docker_force_pull: false
%%
agent {
  default_docker {
    image: "python:3.11-slim"
    arguments: [
      "--shm-size=8g"
      "--network=host"
    ]
    match_rules: [
      {
        image: "python:3.9-bullseye"
        arguments: "--ipc=host"
        match: { script { repository: "/legacy/" } }
      }
    ]
  }
}
%%
// rig number 7
agent {
  venvs_dir = /scratch/venvs
  venvs_cache {
    max_entries: 10
    free_space_threshold_gb: 2.0
    path: ~/.clearml/venvs-cache   // shared
  }
  vcs_cache { enabled: true, path: ~/.clearml/vcs-cache }
  pip_download_cache.path = ~/.clearml/pip-download-cache
}
%%
agent {
  extra_docker_shell_script: [
    "apt-get update",
    "apt-get install -y git; rm -rf /var/lib/apt/lists",
    "export PATH=/opt/bin:${PATH}"
  ]
  docker_preprocess_bash_script = [
    "echo \"starting\"",
  ]
}
%%
agent.extra_docker_shell_script = [
  "pip config set global.index-url https://pypi.example"   # ours
]
agent.extra_docker_arguments = ["--ipc=host"]
agent.extra_docker_arguments += ["--privileged"]
%%
agent.python_binary = /usr/bin/python3.11
agent.force_git_ssh_protocol = true
agent.force_git_ssh_port = 2222
agent.translate_ssh = false
agent.reload_config: true
%%
agent {
  environment { PIP_NO_CACHE_DIR: "1" }
  hide_docker_command_env_vars {
    enabled: true
    extra_keys: ["MY_TOKEN"]
    parse_embedded_urls: true
  }
}
%%
agent.custom_build_script = \"\"\"
#!/bin/bash
key: value
  nested: "x"
pip install -r requirements.txt
\"\"\"
%%
agent.script: \"\"\"a: 1
b:
  - c\"\"\"
%%
agent.git_host = ${?GIT_HOST}
agent.git_user = ${GIT_USER}
agent.docker_internal_mounts.sdk_cache: "/clearml_agent_cache"
%%
agent { cuda: 12, "disable_ssh_mount": true, default_docker.image = ubuntu }
%%
agent
{
  worker_name_prefix: "rig"

  docker_container_name_format: "clearml-id-{task_id}-{rand_string:.8}"
}
%%
agent: { poll_queues_at: 5 }, sdk: { x { y: 1 } }
%%
agent {
  crash_on_exception: true,
  enable_task_env: false,
  max_services: 5,
  queues: [default, gpu, "big gpu"]
}
%%
agent {
  sdk.storage.cache.default_base_dir: /c
} # the end
sdk { a: ${agent.sdk.storage.cache.default_base_dir}/x }
"""

_SERVER = r"""
auth {
    # fixed users login credentials
    fixed_users {
        enabled: true
        pass_hashed: false
        users: [
            {
                username: "jane"
                password: "12345678"
                name: "Jane Doe"
            },
            { username: "john", password: "12345678", name: "John Doe" },
        ]
    }
    cookies { secure: true, httponly: true, max_age: 99999999999 }
}
%%
auth.fixed_users.enabled: true
auth.fixed_users.users: [
  { username: "ops", password: "p:w", name: "Ops Team" }
]
%%
hosts {
  mongo {
    backend { host: "mongodb://mongo.example:27017/backend" }
    auth { host: "mongodb://mongo.example:27017/auth" }
  }
  elastic { events { hosts: [{ host: "elastic.example", port: 9200 }], args { timeout: 60 } } }
  redis { apiserver { host: "redis.example", port: 6379, db: 0 } }
}
%%
secure {
  http { session_secret { apiserver: "secret of the sessions" } }
  auth { token_secret: "secret of the tokens" }
  credentials {
    apiserver { role: "system", user_key: "UKEY", user_secret: "USECRET" }
  }
}
%%
tasks {
  non_responsive_tasks_watchdog {
    enabled: true
    threshold_sec: 7200
    watch_interval_sec: 900
  }
}
%%
apiserver.cors { origins: "https://app.example", max_age: 600 }
apiserver.listen: { ip: "0.0.0.0", port: 8008 }
%%
storage.artifacts: {
   // where models go
   type: s3
   url_prefixes: [ "s3://a", "s3://b" ]
}
%%
services._mongo.max_page_size = 500
services.tasks.multi_task_histogram_limit: 100
%%
log = /var/log/clearml/apiserver.log
level: INFO
workers = 8
"""


def _files(texts: str) -> list[str]:
    return [text.strip("\n") + "\n" for text in texts.replace('\\"\\"\\"', '"""').split("%%\n")]


CONF_FILES = [*_files(_SDK), *_files(_AGENT), *_files(_SERVER)]
