//! States and steps: who takes them, from where, and by themselves.

use super::{Changed, check, told};

const APPLICATION: &str = "registers/application.toml";

#[test]
fn a_lifecycle_has_one_beginning_and_goes_nowhere_from_its_end() {
    let counted = |count: usize| format!("起始状态要有且只有一个,现在有 {count} 个");
    check(
        "steps",
        APPLICATION,
        &[
            (
                "to = \"reviewed\"\nroles = [\"clerk\"]\nwhen",
                "to = \"review\"\nroles = [\"clerk\"]\nwhen",
                "\"review\"",
                "没有状态 `review`",
                "是不是 `reviewed`?",
                "",
            ),
            (
                "from = [\"entered\"]\n",
                "from = []\n",
                "[]",
                "这个步骤没有起点",
                "写出从哪些状态可以办",
                "from = [\"entered\", \"paused\"]\n",
            ),
            (
                "from = [\"entered\"]\n",
                "from = [\"archived\"]\n",
                "\"archived\"",
                "`archived` 是终止状态,不能再走",
                "删去它,或去掉 is_final",
                "",
            ),
            (
                "name = \"archive\"",
                "name = \"change\"",
                "\"change\"",
                "`change` 是系统自用的名称",
                COMMAND_HINT,
                "name = \"changed\"",
            ),
            (
                "name = \"archive\"",
                "name = \"withdraw\"",
                "\"withdraw\"",
                "`withdraw` 是系统自用的名称",
                COMMAND_HINT,
                "",
            ),
            (
                "name = \"archive\"",
                "name = \"sent_back\"",
                "\"sent_back\"",
                "`sent_back` 是系统自用的名称",
                COMMAND_HINT,
                "",
            ),
            ("name = \"archive\"", "name = \"enter\"", "\"enter\"", "`enter` 是系统自用的名称", COMMAND_HINT, ""),
            ("name = \"archive\"", "name = \"approve\"", "\"approve\"", "`approve` 重复", "每个名称只能出现一次", ""),
            (
                "wait_days = 3",
                "wait_days = 3\ndue_days = 2",
                "2",
                "期限比等待的天数还短",
                "due_days 不小于 wait_days",
                "wait_days = 3\ndue_days = 3",
            ),
            (
                "roles = [\"clerk\", \"officer\", \"county\"]\n",
                "roles = [\"clerk\", \"officer\", \"mayor\"]\n",
                "\"mayor\"",
                "没有角色 `mayor`",
                "检查名称是否写对,或先声明它",
                "",
            ),
            (
                "may_see = [\"clerk\", \"officer\", \"county\"]",
                "may_see = [\"clerk\", \"officer\"]",
                "\"county\"",
                "角色 `county` 看不到这个台账,办不了这个步骤",
                "先把它写进 may_see",
                "",
            ),
            (
                "notifies = [\"clerk\"]",
                "notifies = [\"clark\"]",
                "\"clark\"",
                "没有角色 `clark`",
                "是不是 `clerk`?",
                "notifies = [\"county\", \"officer\"]",
            ),
            (
                "reason = \"opinion\"\nstops_clock",
                "asks = [\"twice\"]\nreason = \"opinion\"\nstops_clock",
                "\"twice\"",
                "`twice` 是算出来的,步骤不能要人填写",
                "写它所依据的字段",
                "asks = [\"member_count\"]\nreason = \"opinion\"\nstops_clock",
            ),
        ],
    );
    for (stands, instead, count) in [
        ("initial = true", "initial = false", 0),
        ("label_en = \"Paused\"", "label_en = \"Paused\"\ninitial = true", 2),
    ] {
        let problems = Changed::new("steps").load_with(APPLICATION, stands, instead).expect_err(instead);
        let found = told(&problems, APPLICATION);
        let hint = "在一个 [[state]] 里写 initial = true";
        assert!(found.iter().any(|[_, message, advice]| *message == counted(count) && advice == hint), "{problems}");
    }
}

const COMMAND_HINT: &str = "录入、更正和撤回由系统处理;给步骤另取一个名称";

#[test]
fn states_that_nothing_leads_to_and_steps_that_nobody_takes_are_told_and_taken() {
    let warned = |stands: &str, instead: &str| {
        let package = Changed::new("steps")
            .load_with(APPLICATION, stands, instead)
            .unwrap_or_else(|problems| panic!("{problems}"));
        let told = package
            .warnings
            .iter()
            .map(|warning| (warning.what.chinese().to_owned(), warning.hint.chinese().to_owned(), warning.is_error()));
        told.collect::<Vec<_>>()
    };
    let more = "[[state]]\nname = \"lost\"\nlabel = \"x\"\nlabel_en = \"x\"\n\n[[state]]\nname = \"archived\"";
    let wanted = ("没有步骤能走到状态 `lost`".to_owned(), "加一个 to 为它的步骤,或删去它".to_owned(), false);
    assert_eq!(warned("[[state]]\nname = \"archived\"", more), [wanted]);
    let wanted = ("没有角色能办这个步骤".to_owned(), "写出 roles".to_owned(), false);
    assert_eq!(warned("to = \"paused\"\nroles = [\"clerk\"]", "to = \"paused\"\nroles = []"), [wanted]);
    assert_eq!(warned("label = \"归档\"", "label = \"存档\""), [], "a step that goes on by itself needs no role");
}

#[test]
fn agreement_is_of_several_and_sending_back_leads_to_what_can_be_mended() {
    check(
        "steps",
        APPLICATION,
        &[
            (
                "approvals = 2",
                "approvals = 1",
                "1",
                "几人同意才算通过,至少写 2",
                "一人办理就算数的不写 approvals",
                "approvals = 3",
            ),
            (
                "roles = [\"clerk\", \"officer\", \"county\"]\nnot_by_who_entered = true\napprovals = 2",
                "roles = [\"county\"]\napprovals = \"all\"",
                "\"all\"",
                "每个岗位一人,roles 里至少要有两个岗位",
                "补上岗位,或写人数",
                "roles = [\"officer\", \"county\"]\napprovals = \"all\"",
            ),
            (
                "returns_to = [\"entered\", \"reviewed\"]",
                "returns_to = [\"archived\"]",
                "\"archived\"",
                "`archived` 是终止状态,退回以后不能再办",
                "退回到还能更正的状态",
                "returns_to = [\"paused\"]",
            ),
            (
                "returns_to = [\"entered\", \"reviewed\"]",
                "returns_to = [\"public\"]",
                "\"public\"",
                "这个步骤就从 `public` 办理,不能退回到原处",
                "写它前面的状态",
                "",
            ),
            (
                "reason = \"opinion\"\ndocument",
                "reason = \"photo\"\ndocument",
                "\"photo\"",
                "`photo` 不能填写原因",
                "写一个由人填写的 text 或 code 字段",
                "reason = \"household_no\"\ndocument",
            ),
            (
                "reason = \"opinion\"\ndocument",
                "reason = \"twice\"\ndocument",
                "\"twice\"",
                "`twice` 不能填写原因",
                "写一个由人填写的 text 或 code 字段",
                "",
            ),
            (
                "wait_days = 3",
                "wait_days = 3\nreason = \"opinion\"",
                "\"opinion\"",
                "这个步骤不退回,也不停、续期限,用不上 reason",
                "退回写 returns_to,停、续期限写 stops_clock、resumes_clock;只要填写的字段写进 required",
                "",
            ),
        ],
    );
}

#[test]
fn what_goes_on_by_itself_has_something_to_wait_for_and_nobody_to_ask() {
    let alone = "删去它,或删去 after_wait";
    check(
        "steps",
        APPLICATION,
        &[
            (
                "wait_days = 3\n",
                "",
                "true",
                "没有等待的天数,不能到期自动办理",
                "写 wait_days,或从公示中的状态办理",
                "wait_days = 1\n",
            ),
            (
                "after_wait = true",
                "after_wait = true\nnot_by_who_entered = true",
                "true",
                "需要他人同意的步骤不能到期自动办理",
                "审批由人办理;删去 after_wait,或把审批和自动的步骤分开",
                "after_wait = true\nnotifies = [\"clerk\"]",
            ),
            (
                "after_wait = true",
                "after_wait = true\nrequired = [\"opinion\"]",
                "[\"opinion\"]",
                "到期自动办理时没有人填写,不能写 required",
                alone,
                "",
            ),
            (
                "after_wait = true",
                "after_wait = true\nasks = [\"opinion\"]",
                "[\"opinion\"]",
                "到期自动办理时没有人填写,不能写 asks",
                alone,
                "",
            ),
            (
                "after_wait = true",
                "after_wait = true\nreturns_to = [\"entered\"]\nreason = \"opinion\"",
                "[\"entered\"]",
                "到期自动办理时没有人填写,不能写 returns_to",
                alone,
                "",
            ),
            (
                "from = [\"approved\"]\nto = \"archived\"",
                "from = [\"approved\"]\nto = \"approved\"",
                "true",
                "步骤 `archive` 到期自动办理,会绕回原处,永远停不下来",
                "让其中一步由人办理",
                "",
            ),
            (
                "to = \"public\"\nroles = [\"clerk\"]",
                "to = \"public\"\nroles = [\"clerk\"]\nwait_days = 2\nafter_wait = true",
                "\"photo\"",
                "到期自动办理时没有人上传照片",
                "删去 photo,或删去 after_wait",
                "",
            ),
        ],
    );
}
