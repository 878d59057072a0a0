"""Words of a told life in two languages: codes, parts of a utility, and one sentence for each thing that happens."""

from __future__ import annotations

from typing import Final

from model.spec.types import Text


def _t(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


EDUCATION: Final = (
    _t("no schooling", "未上学"), _t("kindergarten", "学前教育"), _t("primary school", "小学"),
    _t("junior secondary school", "初中"), _t("senior secondary school", "高中"), _t("college", "大专"),
    _t("university", "本科"),
)
ACTIVITY: Final = (
    _t("a small child", "幼儿"), _t("at school", "在学"), _t("at work", "就业"), _t("looking for work", "待业"),
    _t("not in the labour force", "未就业且未求职"), _t("retired", "退休"),
)
CONFIG: Final = (
    _t("all together", "全家同住"), _t("commuting", "住家通勤"), _t("one worker away", "一人外出务工"),
    _t("child and carer in town", "陪读进城"), _t("working members away", "劳动力外出"),
)
TENURE: Final = (
    _t("self-built home", "自建房"), _t("bought home", "自购房"), _t("rented home", "租房"),
    _t("affordable rental", "保障性租赁住房"), _t("dormitory", "宿舍"), _t("other home", "其他住房"),
)
SECTOR: Final = (
    _t("farming", "农林牧渔业"), _t("mining", "采矿业"), _t("manufacturing", "制造业"),
    _t("power, heat and water", "电热燃气及水的生产和供应业"), _t("construction", "建筑业"), _t("trade", "批发和零售业"),
    _t("transport", "交通运输、仓储和邮政业"), _t("catering and lodging", "住宿和餐饮业"), _t("information", "信息服务业"),
    _t("finance", "金融业"), _t("real estate", "房地产业"), _t("business services", "租赁和商务服务业"),
    _t("science", "科学研究和技术服务业"), _t("public facilities", "水利、环境和公共设施管理业"),
    _t("resident services", "居民服务业"), _t("education", "教育"), _t("health", "卫生和社会工作"),
    _t("culture", "文化、体育和娱乐业"), _t("public administration", "公共管理和社会组织"),
)
EVENT: Final[dict[str, Text]] = {
    "JOB_LOSS": _t("a job was lost", "有人失业"),
    "WEDDING": _t("a wedding", "结婚"),
    "BIRTH": _t("a birth", "新生儿"),
    "CHILD_3": _t("a child turned 3", "孩子满3岁"),
    "CHILD_6": _t("a child turned 6", "孩子满6岁"),
    "CHILD_12": _t("a child turned 12", "孩子满12岁"),
    "CHILD_15": _t("a child turned 15", "孩子满15岁"),
    "SCHOOL_CLOSED": _t("the village school closed", "村小撤并"),
    "LEASE_END": _t("the lease ended", "租约到期"),
    "PARENT_CARE": _t("a parent needs care", "老人需要照护"),
    "OFFER": _t("an offer elsewhere", "外地有工作或住房机会"),
    "DEATH": _t("a death", "家人去世"),
}
NEST: Final = (
    _t("at home", "原籍"), _t("own county", "本县"), _t("rest of the prefecture", "市内他县"),
    _t("rest of the province", "省内市外"), _t("beyond the province", "省外"),
)
PART: Final[dict[str, Text]] = {
    "income": _t("income", "收入"),
    "services": _t("services", "服务"),
    "entitlement": _t("open to us", "享有"),
    "reach": _t("reach", "远近"),
    "home": _t("home", "乡土"),
    "apart": _t("apart", "分居通勤"),
    "buying": _t("buying", "购房"),
    "constants": _t("place", "地方"),
    "move_cost": _t("moving", "搬迁"),
    "other": _t("other", "其他"),
}
PART_MEANING: Final[dict[str, Text]] = {
    "income": _t("beta_w times log expected income", "beta_w乘预期收入对数"),
    "services": _t("services and infrastructure", "公共服务与基础设施"),
    "entitlement": _t("share of services open to the household, and queueing behind locals", "可享有的服务份额与排队先后"),
    "reach": _t("distance and fellow villagers there", "距离与同乡网络"),
    "home": _t("attachment to home, growing with age", "乡土情结，随年龄增长"),
    "apart": _t("living apart, or minutes of commuting", "分居或通勤之苦"),
    "buying": _t("effort of buying on arrival", "落脚购房的付出"),
    "constants": _t("borders, frozen place constants, trend", "边界、冻结的地方常数与趋势"),
    "move_cost": _t("cost of changing anything", "任何变动的成本"),
    "other": _t("everything else", "其余"),
}
PARTS_TOGETHER: Final[dict[str, tuple[str, ...]]] = {
    "income": ("income",), "services": ("services",), "entitlement": ("entitlement",),
    "reach": ("distance", "network"), "home": ("home",), "apart": ("apart", "commuting"),
    "buying": ("buying",),
    "constants": ("constants", "college"), "move_cost": ("move_cost",),
}
"""Column of the printed table -> parts of `model.trace` that it adds up; parts named nowhere are `other`."""
ROUTE: Final[dict[str, Text]] = {
    "none": _t("no route that is open and known", "无已开放且知晓的途径"),
    "own": _t("open through a home of their own", "可凭自有住房"),
    "family": _t("open through family registered there", "可投靠已落户家人"),
    "job": _t("open through an insured contract", "可凭参保的稳定就业"),
    "new": _t("open through renting or habitual residence", "可凭租房或经常居住"),
}
TRAIT: Final[dict[str, Text]] = {
    "knows_new": _t("knows the rules in force", "知晓现行规则"),
    "knows_old": _t("knows the rules of the start", "知晓期初规则"),
    "habitual": _t("habitual residence accepted", "经常居住获认可"),
    "consent": _t("landlord's consent or collective household", "房东同意或可挂集体户"),
    "parity": _t("renting counts as owning", "租购同权落户"),
}
TERM: Final[dict[str, Text]] = {
    "intercept": _t("level", "基准"), "owner": _t("owner", "自有住房"), "insured": _t("insured", "参保"),
    "public_rental": _t("affordable rental", "保租房"), "dormitory": _t("dormitory", "宿舍"),
    "land": _t("land held", "有承包地或宅基地"), "dividend": _t("dividend of the collective", "集体分红"), "years": _t("years here", "居住年限"),
    "entitlement_gap": _t("services withheld until registered", "未落户不能享有的服务"),
    "prices": _t("prices against incomes", "房价收入比"), "barriers": _t("barriers and delay", "门槛与办理时长"),
}
ASPECT: Final[dict[str, Text]] = {
    "alive": _t("being alive", "存殁"),
    "household": _t("the household", "所在家庭"),
    "members": _t("who is in the household", "家庭成员"),
    "place": _t("where the person lives", "居住地"),
    "config": _t("the living arrangement", "居住安排"),
    "home_place": _t("where the household lives", "家庭居住地"),
    "tenure": _t("the dwelling", "住房"),
    "owns": _t("the home owned", "所购住房"),
    "hukou": _t("registration", "户口"),
    "usual": _t("usual residence", "常住地"),
    "activity": _t("the main activity", "主要活动"),
    "job": _t("the job", "工作"),
    "education": _t("schooling", "学业"),
    "marriage": _t("marriage", "婚姻"),
    "insured": _t("insurance at work", "职工保险"),
}

PLACE: Final[dict[str, Text]] = {
    "village": _t("village group {number} of {unit}", "{unit}第{number}村组"),
    "villages": _t("the villages of {unit}", "{unit}乡村"),
    "town": _t("a township seat of {unit}", "{unit}乡镇驻地"),
    "seat": _t("the county town of {unit}", "{unit}县城"),
    "district": _t("the town of {unit}", "{unit}城区"),
    "core": _t("the city core ({unit})", "中心城区（{unit}）"),
}
WHO: Final[dict[str, Text]] = {
    "self": _t("The person", "本人"),
    "man": _t("A man of {age} in the household", "家中{age}岁男性"),
    "woman": _t("A woman of {age} in the household", "家中{age}岁女性"),
    "boy": _t("A boy of {age} in the household", "家中{age}岁男孩"),
    "girl": _t("A girl of {age} in the household", "家中{age}岁女孩"),
}
SEX: Final = (_t("man", "男"), _t("woman", "女"))
CHILD: Final = (_t("a boy", "男孩"), _t("a girl", "女孩"))

HAPPENED: Final[dict[str, Text]] = {
    "died": _t("The person died at {age}.", "本人去世，终年{age}岁。"),
    "born": _t("A child was born: {sex}; the household has {size} members.", "家中出生一名{sex}，现有{size}口人。"),
    "member_died": _t("{who} died.", "{who}去世。"),
    "member_left": _t("{who} left the household.", "{who}离开家庭。"),
    "member_joined": _t("{who} joined.", "{who}加入家庭。"),
    "new_household": _t(
        "{who} now belongs to another household of {size}, living in {place}.", "{who}转入另一家庭（{size}口人），住{place}。"
    ),
    "married": _t("{who} married.", "{who}结婚。"),
    "widowed": _t("{who} was widowed.", "{who}丧偶。"),
    "needs_care": _t("{who} now needs care.", "{who}开始需要照护。"),
    "kindergarten": _t("{who} started kindergarten.", "{who}入园。"),
    "school_start": _t("{who} started primary school.", "{who}上小学。"),
    "school_up": _t("{who} moved up to {education}.", "{who}升入{education}。"),
    "left_school": _t("{who} left school after {education}, now {activity}.", "{who}{education}结束学业，现{activity}。"),
    "college_away": _t("{who} went to college in {place}.", "{who}到{place}上大学。"),
    "college_back": _t("{who} finished college.", "{who}大学毕业。"),
    "job_lost": _t("{who} lost the job in {sector} ({pay} yuan a month).", "{who}失去{sector}工作（月工资{pay}元）。"),
    "job_left": _t(
        "{who} gave up the job in {sector} by moving ({pay} yuan a month).", "{who}因搬迁失去{sector}工作（月工资{pay}元）。"
    ),
    "job_found": _t(
        "{who} found work in {sector}, {market}, at {pay} yuan a month.", "{who}在{market}找到{sector}工作，月工资{pay}元。"
    ),
    "job_changed": _t(
        "{who} changed to work in {sector}, {market}, at {pay} yuan a month.",
        "{who}转到{market}{sector}工作，月工资{pay}元。",
    ),
    "job_kept": _t("{who} kept in work, now in {sector}, {market}.", "{who}随迁后仍有工作：{market}{sector}。"),
    "stopped_work": _t("{who} stopped working ({activity}).", "{who}不再工作（{activity}）。"),
    "looks_again": _t("{who} now looks for work.", "{who}开始求职。"),
    "insured": _t("{who} was enrolled in worker insurance.", "{who}参加职工社会保险。"),
    "trained": _t("{who} learned on a training course.", "{who}参加培训并有所获。"),
    "moved": _t(
        "The household moved: {config}, in {place} ({tenure}).", "家庭搬迁：{config}，住{place}（{tenure}）。"
    ),
    "moved_apart": _t(
        "The household divided: {config}; the main home is {place} ({tenure}), those apart live in {apart} "
        "({apart_tenure}).",
        "家庭分居：{config}；主要住{place}（{tenure}），分居者住{apart}（{apart_tenure}）。",
    ),
    "went": _t("{who} now lives in {place}.", "{who}现住{place}。"),
    "home_for_a_while": _t(
        "Those who worked away came home for some months.", "外出成员返家暂住数月。"
    ),
    "went_back": _t("Those at home on leave went back to {apart}.", "返家成员重回{apart}。"),
    "sold": _t("The household no longer owns a home in {place}.", "家庭不再拥有{place}的住房。"),
    "homestead_lease": _t("The household leased out its homestead.", "家庭出租宅基地。"),
    "resettled": _t("{who} was moved by a relocation programme.", "{who}由搬迁安置项目安置。"),
    "tenure": _t("The dwelling is now a {tenure}.", "住房变为{tenure}。"),
    "apart_tenure": _t("Those apart now live in a {tenure}.", "分居者现住{tenure}。"),
    "bought": _t("The household bought a home in {place}.", "家庭在{place}购房。"),
    "inherited": _t("The household came into a home in {place}.", "家庭获得{place}的住房。"),
    "homestead_exit": _t("The household gave up its homestead for pay.", "家庭有偿退出宅基地。"),
    "registered": _t("{who} moved registration from {old} to {new}.", "{who}户口由{old}迁至{new}。"),
    "usual": _t(
        "After six months {new} is the usual residence (before: {old}).", "居住满半年，常住地由{old}变为{new}。"
    ),
    "recoded": _t("{place}, the usual residence, is now coded urban.", "常住地{place}划为城镇。"),
}

SAY: Final[dict[str, Text]] = {
    "title": _t(
        "A life: person {uid} under {scenario}, {first} to {last} (seed {seed}, scale {scale:g})",
        "一个人的经历：{uid}，情景“{scenario}”，{first}至{last}（种子{seed}，规模{scale:g}）",
    ),
    "start": _t(
        "At the start: {sex} of {age}, {education}, {activity}{job}; lives in {place}, registered in {hukou}; "
        "household of {size} from {origin}: {config}, {tenure}, {land:.1f} mu of land, savings less debt {wealth} yuan.",
        "期初：{sex}，{age}岁，{education}，{activity}{job}；住{place}，户口在{hukou}；{size}口之家，原籍{origin}："
        "{config}，{tenure}，承包地{land:.1f}亩，储蓄减负债{wealth}元。",
    ),
    "job": _t(" in {sector}, {market}, {pay} yuan a month", "（{market}{sector}，月工资{pay}元）"),
    "nothing": _t("Nothing happened in these months.", "这段时间无事发生。"),
    "reason": _t(
        "Reason to think again: {events}. Chance {chance:.1%} this month; drawn {drawn:.4f}: {outcome}.",
        "重新考虑的由头：{events}。本月概率{chance:.1%}，抽得{drawn:.4f}：{outcome}。",
    ),
    "trigger": _t(
        "The household came to think again (hazard {base:.4f} by age and season{events}{back}; chance {chance:.1%}, "
        "drawn {drawn:.4f}): {outcome}.",
        "家庭重新考虑去处（年龄与季节风险{base:.4f}{events}{back}；概率{chance:.1%}，抽得{drawn:.4f}）：{outcome}。",
    ),
    "plus_event": _t(" + {event} {hazard:.4f}", "＋{event}{hazard:.4f}"),
    "plus_back": _t(" + return {hazard:.4f}", "＋返乡{hazard:.4f}"),
    "event_hazard": _t("{event} (hazard {hazard:.4f})", "{event}（风险{hazard:.4f}）"),
    "outcome0": _t("nothing follows", "未触发"),
    "held": _t("a member has just begun a job, so nothing is weighed", "有人刚开始工作，暂不权衡"),
    "offered": _t(
        "A post outside is offered to the household; it weighs whether to take it.", "有劳务品牌提供外地岗位，家庭权衡是否接受。"
    ),
    "declined": _t("It did not take the post.", "结果：未接受该岗位。"),
    "outcome1": _t("it weighs where and how to live", "权衡在哪里、怎样居住"),
    "outcome2": _t("it is drawn home and weighs places within the county", "返乡，在本县范围内权衡"),
    "weighed": _t(
        "It weighed {n} alternatives; the {shown} with the highest value{and_present}:",
        "共权衡{n}种去处，下列为价值最高的{shown}种{and_present}：",
    ),
    "and_present": _t(" and the present one", "及现状"),
    "stayed": _t("It stayed as it was.", "结果：维持现状。"),
    "chose": _t(
        "It chose {config}, {place}; households just like it do so {probability:.1%} of the time.",
        "结果：{place}，{config}；同样家庭作此选择的概率为{probability:.1%}。",
    ),
    "wish_wedding": _t(
        "After the wedding it tries to buy in {place} (chance {chance:.1%}, drawn {drawn:.4f}): price {price} yuan, "
        "down payment {down}, savings {savings}: {outcome}.",
        "婚后想在{place}购房（概率{chance:.1%}，抽得{drawn:.4f}）：总价{price}元，首付{down}元，储蓄{savings}元：{outcome}。",
    ),
    "wish_tenant": _t(
        "As a tenant it tries to buy in {place} (chance {chance:.2%}, drawn {drawn:.4f}): price {price} yuan, "
        "down payment {down}, savings {savings}: {outcome}.",
        "租户想在{place}购房（概率{chance:.2%}，抽得{drawn:.4f}）：总价{price}元，首付{down}元，储蓄{savings}元：{outcome}。",
    ),
    "wish_compensated": _t(
        "Paid for the home that was demolished, it tries to buy in {place}: price {price} yuan, down payment {down}, "
        "savings {savings}: {outcome}.",
        "原房屋拆除获补偿，想在{place}购房：总价{price}元，首付{down}元，储蓄{savings}元：{outcome}。",
    ),
    "wish_yes": _t("bought", "购得"),
    "wish_no": _t("no home was free", "无房可售"),
    "settling": _t(
        "Registration in {place}: {route}. {traits}.{chance}", "在{place}落户：{route}。{traits}。{chance}"
    ),
    "trait": _t("{trait}: {answer} ({drawn:.3f} against {limit:.3f})", "{trait}：{answer}（{drawn:.3f}比{limit:.3f}）"),
    "yes": _t("yes", "是"),
    "no": _t("no", "否"),
    "settling_chance": _t(
        " Chance {month:.3%} a month ({year:.2%} a year), drawn {drawn:.5f}: {outcome}. In logits: {terms}.",
        "每月概率{month:.3%}（每年{year:.2%}），抽得{drawn:.5f}：{outcome}。对数优势构成：{terms}。",
    ),
    "settled": _t("registered", "落户"),
    "not_settled": _t("not this month", "本月未落户"),
    "head": _t("alternative", "去处"),
    "yuan": _t("yuan/month", "元/月"),
    "utility": _t("V", "V"),
    "nest": _t("nest", "同组"),
    "taste": _t("taste", "偏好"),
    "fresh": _t("month", "当月"),
    "tenure_shock": _t("tenure", "住房"),
    "commuting_to": _t("commuting to {market}", "通勤到{market}"),
    "away_from": _t("one worker away from {main}", "一人外出，家在{main}"),
    "value": _t("value", "价值"),
    "odds": _t("chance", "概率"),
    "present": _t(" (present)", "（现状）"),
    "chosen_mark": _t("> ", "> "),
    "columns": _t(
        "Columns: expected income; parts of the systematic utility V: {parts}; then the shocks: of the nest, the kept "
        "taste, the month's own, the tenure's; value = V + shocks. The highest value is chosen; chance: before the shocks are drawn.",
        "各列：预期收入；系统效用V的构成：{parts}；随后为随机项：同组冲击、长期偏好、当月冲击、住房冲击；价值＝V＋随机项，取最高者；"
        "概率为抽取随机项之前的概率。",
    ),
    "same_until": _t(
        "Until the paths part both lives are the same; numbers are those under {one}.",
        "分开之前两条路径相同，以下数字取自“{one}”。",
    ),
    "never": _t(
        "The paths never part: {one} and {two} give this person the same life from {first} to {last}.",
        "两条路径始终一致：{first}至{last}，“{one}”与“{two}”下此人经历相同。",
    ),
    "no_difference": _t(
        "The two scenarios set the same levers, parameters and future in these months.",
        "两情景在此期间的政策、参数与外部情景完全相同。",
    ),
    "no_effect": _t(
        "{n} settings differ in these months, but none of them reached this life.",
        "两情景在此期间有{n}项设定不同，但均未改变此人经历。",
    ),
    "part": _t(
        "The paths part in {month}: {aspects}.", "两条路径在{month}分开：{aspects}。"
    ),
    "aspect": _t("{aspect} ({one} / {two})", "{aspect}（{one} / {two}）"),
    "cause_one": _t(
        "What parted them: {inputs}. With it put back to its setting in {one}, the paths no longer part by that month "
        "({runs} re-runs).",
        "分开的原因：{inputs}。将其恢复为“{one}”中的设定后，到该月两条路径不再分开（重跑{runs}次）。",
    ),
    "cause_many": _t(
        "What parted them: a combination of {n} settings: {inputs}. Put back together to {one}, the paths no longer "
        "part by that month; the search found no smaller part of them that is enough ({runs} re-runs).",
        "分开的原因：{n}项设定的组合：{inputs}。一并恢复为“{one}”中的设定后，到该月不再分开；搜索未找到更小的组合（重跑{runs}次）。",
    ),
    "cause_open": _t(
        "What parted them was not narrowed down within {runs} re-runs: it takes putting these {n} settings back together "
        "until the paths no longer part. Many settings move many people, and this hung on all of them: {inputs}.",
        "在{runs}次重跑内未能进一步缩小范围：需将以下{n}项设定一并恢复，两条路径才不再分开。多项设定影响众多居民，此事取决于它们的合力：{inputs}。",
    ),
    "alone_yes": _t(
        "Set in {one} and nothing else, it parts the paths in the same month too.", "若仅将其加入“{one}”，两条路径同样在该月分开。"
    ),
    "alone_no": _t(
        "Set in {one} and nothing else, it does not part them by that month: other settings of {two} prepare the "
        "ground.",
        "若仅将其加入“{one}”，到该月并不分开：“{two}”的其他设定是前提。",
    ),
    "also": _t(
        "Of {k} other settings put back one at a time, {n} undo the parting too: {inputs}. Each was "
        "needed.",
        "另将{k}项其他设定逐一恢复，其中{n}项也使两条路径不再分开：{inputs}。各项均为必要。",
    ),
    "no_other": _t(
        "Of {k} other settings put back one at a time, none undoes it.", "另将{k}项其他设定逐一恢复，均不能使两条路径重合。"
    ),
    "more": _t("; and {n} more (--json lists all)", "；另有{n}项（见--json）"),
    "job_at": _t("{sector}, {market}", "{market}{sector}"),
    "gloss": _t("{word} ({meaning})", "{word}（{meaning}）"),
    "direct": _t(
        "Direct, through states that bear on what differed, in the places of this life: {states}.",
        "直接作用：在此人相关地点改变了与分歧有关的状态：{states}。",
    ),
    "state": _t("{state} ({key}), {unit}: {one} / {two}, since {month}", "{state}（{key}），{unit}：{one} / {two}，{month}起"),
    "indirect_here": _t(
        "Indirect: what it moves in the places of this life does not bear on what differed ({states}); it came through "
        "other people: markets, queues, budgets, or lotteries in which they take part.",
        "间接作用：它在此人相关地点改变的状态与分歧无直接关系（{states}），影响经由他人传导：市场、排队、财政，或众人参与的抽签。",
    ),
    "indirect": _t(
        "Indirect: none of the states it moves differs in the places of this life by that month; it came through other "
        "people: markets, queues, budgets, or lotteries in which they take part.",
        "间接作用：到该月为止，它所改变的状态在此人相关地点并无不同，影响经由他人传导：市场、排队、财政，或众人参与的抽签。",
    ),
    "earlier": _t(
        "The household differed before that, first in {month}: {what}.", "此前家庭情况已有不同，最早在{month}：{what}。"
    ),
    "earlier_work": _t("{who}: {one} / {two}", "{who}：{one} / {two}"),
    "earlier_events": _t("reasons to think again: {one} / {two}", "重新考虑的由头：{one} / {two}"),
    "trigger_chance": _t(
        "hazard {base:.4f}{events}{back}, chance {chance:.1%}, drawn {drawn:.4f}",
        "风险{base:.4f}{events}{back}，概率{chance:.1%}，抽得{drawn:.4f}",
    ),
    "setting": _t(
        "{label}: {one} / {two} in {unit}, {month}", "{label}：{unit}{month}为{one} / {two}"
    ),
    "parameter": _t("parameter {key}: {one} / {two}", "参数{key}：{one} / {two}"),
    "future": _t("the future outside ({keys})", "外部情景（{keys}）"),
    "weighing": _t(
        "How the weighing differed ({two} less {one}), for what each chose and the present:",
        "权衡的差别（“{two}”减“{one}”），列出各自所选与现状：",
    ),
    "only_one": _t("Only under {scenario} did the household weigh anything that month.", "该月仅在“{scenario}”下家庭重新权衡。"),
    "under": _t("{scenario}:", "“{scenario}”："),
    "after": _t("After the parting:", "分开之后："),
    "found": _t(
        "Person {uid}: number {nth} of those for whom {like}", "{uid}：符合“{like}”者中按编号第{nth}位"
    ),
    "trying": _t("re-run {done} of at most {most}", "重跑第{done}次（至多{most}次）"),
    "dead": _t("dead", "已故"),
    "none": _t("none", "无"),
    "and": _t(" and ", "与"),
    "semicolon": _t("; ", "；"),
    "comma": _t(", ", "、"),
}


def say(key: str, lang: str, /, **values: object) -> str:
    """A sentence of SAY in a language, with its blanks filled."""
    return str(getattr(SAY[key], lang)).format(**values)


def word(text: Text, lang: str) -> str:
    """One label in a language."""
    return str(getattr(text, lang))
