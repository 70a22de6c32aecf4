"""What the doctor looks at in the database and in the loaded program; imported once Django is set up."""

from collections.abc import Callable

from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tongban.base import grants, jobs, keys, outbox, registry, seals
from tongban.cli import readiness, schema
from tongban.cli.examination import Level, Look
from tongban.cli.postgres_roles import CHINESE_SAMPLE
from tongban.documents import queries as documents
from tongban.files import queries as files
from tongban.partners.queries import scanners_state

_OWNED = """
SELECT count(*) FROM pg_class
WHERE relkind IN ('r', 'p') AND pg_get_userbyid(relowner) = current_user AND relnamespace = 'public'::regnamespace
"""


def _one(alias: str, query: str, values: list[str] | None = None) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def both_roles() -> tuple[Level, str]:
    """Look whether the roles that we know can log in, and whether they are two."""
    names: list[str] = []
    known = [pair for pair in (("default", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")) if pair[0] in connections]
    for alias, variable in known:
        try:
            names.append(str(_one(alias, "SELECT current_user")))
        except DatabaseError as error:
            return "wrong", f"{variable} 的账号连接不上：{str(error).strip().splitlines()[0]}"
    if len(names) == 1:
        return "ok", f"程序账号 {names[0]} 可连接；此处没有属主账号的密码，因此没有检查它"
    if names[0] == names[1]:
        return "wrong", f"程序与升级使用了同一个账号 {names[0]}，事件表失去保护，请分成两个账号"
    return "ok", f"程序账号 {names[0]}、属主账号 {names[1]} 均可连接"


def server_version() -> tuple[Level, str]:
    """Look at the server's version."""
    number = int(str(_one("default", "SELECT current_setting('server_version_num')")))
    version = str(_one("default", "SHOW server_version"))
    if number >= 150000:
        return "ok", f"PostgreSQL {version}"
    return "wrong", f"PostgreSQL {version} 太旧，需要 15 或更高"


def program_owns_nothing() -> tuple[Level, str]:
    """Look whether the program's role could switch a trigger off."""
    owned = int(str(_one("default", _OWNED)))
    superuser = bool(_one("default", "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
    if superuser:
        return "wrong", "程序账号是数据库超级用户，请改用普通账号"
    if owned:
        return "wrong", f"程序账号拥有 {owned} 张表，可以绕过只追加保护，请把表转给属主账号"
    return "ok", "不拥有任何表"


def trigrams() -> tuple[Level, str]:
    """Look whether parts of Chinese words can be found."""
    if _one("default", "SELECT cardinality(show_trgm(%s)) > 0", [CHINESE_SAMPLE]):
        return "ok", "可用"
    return "wrong", "数据库的区域设置不支持中文检索，请用 C.UTF-8 重建数据库"


def migrations() -> tuple[Level, str]:
    """Look whether the tables are those of this program."""
    connection = connections["default"]
    loader = MigrationLoader(connection)
    loader.check_consistent_history(connection)
    conflicts = loader.detect_conflicts()
    if conflicts:
        return "wrong", f"迁移文件有分叉：{'、'.join(conflicts)}"
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return "wrong", f"有 {len(waiting)} 个迁移尚未执行，请运行 ./tongban migrate"
    unknown = [name for name in loader.applied_migrations if name not in loader.disk_migrations]
    if unknown:
        return "wrong", f"数据库中有程序没有的迁移（如 {unknown[0][0]}.{unknown[0][1]}），程序可能比数据库旧"
    if schema.stamp("schema") != schema.schema_digest():
        return "warning", "表结构是最新的，但权限可能不是，请运行 ./tongban migrate"
    return "ok", "已是最新"


def calendar() -> tuple[Level, str]:
    """Look how far the holiday notices reach."""
    from tongban.base.calendar import coverage_warning

    warning = coverage_warning()
    return ("warning", warning) if warning else ("ok", "放假通知覆盖充足")


def malware_scanner() -> tuple[Level, str]:
    """Look whether uploads are looked through for malware."""
    wanted, trouble = files.scanner_state()
    if trouble:
        return "wrong", f"查毒服务没有回应，上传的文件一律不收：{trouble}。请检查 TONGBAN_CLAMAV 和 clamd"
    return ("ok", "查毒服务有回应") if wanted else ("warning", "没有配置查毒（TONGBAN_CLAMAV），上传的文件不查毒")


def file_store() -> tuple[Level, str]:
    """Look whether files can be kept and read."""
    trouble = files.store_trouble()
    if trouble:
        return (
            "wrong",
            f"存放文件的地方不能用，材料不能上传也不能查看：{trouble}。请检查磁盘和 TONGBAN_FILES_ 各变量",
        )
    return "ok", "能写、能读、能删"


def window_scanners() -> tuple[Level, str]:
    """Look whether the scanners at windows answer; at night they may well be switched off."""
    count, silent = scanners_state()
    if silent:
        return "warning", f"{len(silent)} 台扫描仪没有回应（共 {count} 台）：{'、'.join(silent[:10])}"
    return "ok", f"{count} 台都有回应" if count else "没有配置窗口扫描仪（TONGBAN_SCANNERS）"


def _asked(problems: Callable[[], list[str]], well: str) -> Look:
    """Return a look that asks a room what is wrong, in its own words."""

    def look() -> tuple[Level, str]:
        found = [str(problem) for problem in problems()]
        return ("wrong", "；".join(found)) if found else ("ok", well)

    return look


WITH_DATABASE: tuple[tuple[str, Look], ...] = (
    ("数据库账号", both_roles),
    ("数据库版本", server_version),
    ("程序账号权限", program_owns_nothing),
    ("只追加保护", _asked(grants.problems, "事件等表只可追加")),
    ("中文检索", trigrams),
    ("数据库表", migrations),
    ("工作日历", calendar),
    ("运行方式", readiness.real_settings),
    ("密钥", _asked(keys.problems, "格式正确")),
    ("模块登记", _asked(registry.check, "各模块登记完整")),
    ("消息投递", _asked(outbox.problems, "没有积压")),
    ("后台任务", _asked(jobs.problems, "没有失败的任务")),
    ("每日封存", _asked(seals.problems, "按日进行")),
    ("上传查毒", malware_scanner),
    ("文件存放", file_store),
    ("窗口扫描仪", window_scanners),
    ("电子签章与字体", _asked(documents.problems, "可用")),
)
