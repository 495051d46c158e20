//! What follows from a step: notices, deadlines, and records of other registers.

use super::{Changed, check, told};
use std::fs;

const APPLICATION: &str = "registers/application.toml";
const PERIOD_HINT: &str = "写状态的名称";

#[test]
fn no_way_leads_round_a_notice() {
    let notice = "publicity = { days = \"notice_days\", photo = \"photo\", objections = \"objection\", settled = \"outcome is not null\" }";
    check(
        "steps",
        APPLICATION,
        &[
            (
                "to = \"public\"",
                "to = \"entered\"",
                "\"entered\"",
                "记录一开始就在 `entered`,没有经过公示",
                "公示另设一个状态",
                "",
            ),
            (notice, "publicity = { days = 0 }", "0", "至少要有一天", "写天数,或写参数名", "publicity = { days = 1 }"),
            (
                notice,
                "publicity = { days = \"notice_day\" }",
                "\"notice_day\"",
                "没有参数 `notice_day`",
                "是不是 `notice_days`?",
                "publicity = { days = \"notice_days\", in_working_days = true }",
            ),
            (
                notice,
                "publicity = { days = \"income_line\" }",
                "\"income_line\"",
                "参数 `income_line` 不是天数",
                "换一个 unit = \"days\" 的参数",
                "",
            ),
            (
                notice,
                "publicity = { days = 7, settled = \"outcome is not null\" }",
                "\"outcome is not null\"",
                "没有写异议登记在哪里",
                "objections = \"子记录名\",或删去 settled",
                "publicity = { days = 7, objections = \"objection\" }",
            ),
            (
                "to = \"reviewed\"\nroles = [\"clerk\"]\nwhen",
                "to = \"public\"\nroles = [\"clerk\"]\nwhen",
                "\"public\"",
                "`public` 是公示中的状态,这个步骤不公示就到了那里",
                "给它写 publicity,或另设一个状态",
                "",
            ),
            (
                "reason = \"opinion\"\nstops_clock",
                "returns_to = [\"public\"]\nreason = \"opinion\"\nstops_clock",
                "\"public\"",
                "不能退回到公示中的 `public`:没有新的公示",
                "退回到公示以前,重新公示",
                "returns_to = [\"entered\"]\nreason = \"opinion\"\nstops_clock",
            ),
        ],
    );
}

#[test]
fn deadlines_run_from_one_state_to_another_one() {
    check(
        "steps",
        APPLICATION,
        &[
            ("from_states = [\"entered\"]", "from_states = []", "[]", "`from_states` 不能空着", PERIOD_HINT, ""),
            (
                "until_states = [\"approved\"]",
                "until_states = []",
                "[]",
                "`until_states` 不能空着",
                PERIOD_HINT,
                "until_states = [\"archived\"]",
            ),
            (
                "until_states = [\"approved\"]",
                "until_states = [\"approved\", \"entered\"]",
                "\"entered\"",
                "`entered` 不能既是期限的起点又是终点",
                "从其中一处删去它",
                "until_states = [\"approved\", \"archived\"]",
            ),
            ("days = 15", "days = 0", "0", "至少要有一天", "写天数,或写参数名", "days = 1"),
            (
                "days = 15",
                "days = \"income_line\"",
                "\"income_line\"",
                "参数 `income_line` 不是天数",
                "换一个 unit = \"days\" 的参数",
                "days = \"notice_days\"",
            ),
            (
                "stops_clock = [\"decide\"]",
                "stops_clock = [\"decide\"]\nresumes_clock = [\"decide\"]",
                "\"decide\"",
                "同一步骤不能既停又续期限 `decide`",
                "分成两个步骤",
                "",
            ),
            (
                "resumes_clock = [\"decide\"]",
                "resumes_clock = [\"file_away\"]",
                "\"file_away\"",
                "没有步骤停过期限 `file_away`",
                "在中止办理的步骤里写 stops_clock",
                "",
            ),
        ],
    );
    let changed = Changed::new("steps");
    fs::remove_file(changed.path("calendar.toml")).expect("removes");
    let problems = changed.load().expect_err("no calendar");
    let wanted = ["true", "按工作日计算要有工作日历", "在政策包里写 calendar.toml(各年的放假和调休),或删去它"]
        .map(str::to_owned);
    assert_eq!(told(&problems, APPLICATION), [wanted.clone(), wanted], "the deadline and the step: {problems}");
}

#[test]
fn records_of_other_registers_are_opened_whole_and_led_on_by_steps_that_they_have() {
    let key = "key = [\"household_no\"]\n\n[step.opens.fields]";
    check(
        "steps",
        APPLICATION,
        &[
            (
                key,
                "key = []\n\n[step.opens.fields]",
                "[]",
                "没有写按什么看是不是已经有一条没办完的",
                "key = [\"那边的字段\", …],同一对象只开一条",
                "key = [\"household_no\", \"region_code\"]\n\n[step.opens.fields]",
            ),
            (
                key,
                "key = [\"house_no\"]\n\n[step.opens.fields]",
                "\"house_no\"",
                "没有列 `house_no`",
                "是不是 `household_no`?",
                "",
            ),
            (
                "head_name = \"head_name\"\n",
                "head_nam = \"head_name\"\n",
                "\"head_name\"",
                "没有字段 `head_nam`",
                "是不是 `head_name`?",
                "",
            ),
            (
                "head_name = \"head_name\"\n",
                "head_name = \"household_no\"\n",
                "\"household_no\"",
                "`head_name` 只能照搬这边同一种字段的值",
                "写这边 kind(和代码表)相同的字段名",
                "",
            ),
            (
                "is_large = \"member_count > 3\"",
                "is_large = \"member_count\"",
                "\"member_count\"",
                "算出来的是整数,字段要是否值",
                "改 kind,或用 whole(…) 取整、case 换算",
                "is_large = \"false\"",
            ),
            (
                "is_large = \"member_count > 3\"",
                "is_large = \"head_phone is null\"",
                "head_phone",
                "这里没有 `head_phone`",
                "敏感信息、姓名和附件不能参加计算,算出的结果会把它露出来",
                "is_large = \"state = 'public'\"",
            ),
            ("step = \"close\"", "step = \"shut\"", "\"shut\"", "没有步骤 `shut`", "检查名称是否写对,或先声明它", ""),
            (
                "of = \"lead_no\"",
                "of = \"household_no\"",
                "\"household_no\"",
                "`household_no` 不指向 `lead`",
                "写 kind = \"reference\"、to 为那个台账的字段,或改用 match",
                "match = { lead_no = \"lead_no\" }",
            ),
            (
                "of = \"lead_no\"",
                "of = \"lead_no\"\nmatch = { lead_no = \"lead_no\" }",
                "\"lead_no\"",
                "要写明带着办的是哪条记录,of 和 match 写且只写一个",
                "of = \"指向它的字段\",或 match = { 那边的字段 = \"这边的字段\" }",
                "",
            ),
            (
                "of = \"lead_no\"",
                "match = { lead_no = \"income_fen\" }",
                "\"income_fen\"",
                "两边的 kind 不同:Text 和 Fen",
                "两边要同一种字段",
                "match = { lead_no = \"household_no\" }",
            ),
            (
                "document = \"approval_letter\"",
                "document = \"Approval\"",
                "\"Approval\"",
                "文书的名称写得不对",
                "只用小写字母、数字和下划线,以字母开头",
                "document = \"letter_2\"",
            ),
        ],
    );
}

#[test]
fn steps_that_lead_one_another_on_do_not_go_round() {
    let changed = Changed::new("steps");
    let back = |step: &str| {
        format!(
            "to = \"closed\"\nroles = [\"clerk\"]\nadvances = [{{ register = \"application\", step = \"{step}\", match = {{ household_no = \"household_no\" }} }}]"
        )
    };
    let help = "registers/help_case.toml";
    let forth = "wait_days = 3\nadvances = [{ register = \"help_case\", step = \"close\", match = { household_no = \"household_no\" } }]";
    changed.load_with(help, "to = \"closed\"\nroles = [\"clerk\"]", &back("pause")).expect("one way");
    let both = fs::read_to_string(changed.path(APPLICATION)).expect("reads").replacen("wait_days = 3", forth, 1);
    fs::write(changed.path(APPLICATION), both).expect("writes");
    changed.load_with(help, "to = \"closed\"\nroles = [\"clerk\"]", &back("pause")).expect("there and to another step");
    let problems =
        changed.load_with(help, "to = \"closed\"\nroles = [\"clerk\"]", &back("archive")).expect_err("a circle");
    for (file, step) in [(APPLICATION, "archive"), (help, "close")] {
        let found = told(&problems, file);
        let wanted = [format!("步骤 `{step}` 带着别的台账办理,会绕回它自己"), "断开其中一处".to_owned()];
        assert!(found.iter().any(|[_, message, hint]| [message, hint] == [&wanted[0], &wanted[1]]), "{problems}");
    }
}
