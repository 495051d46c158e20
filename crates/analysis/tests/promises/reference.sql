create or replace temp macro sw_age(a, b) as
  year(b) - year(a) - case when month(b) * 100 + day(b) < month(a) * 100 + day(a) then 1 else 0 end;
create or replace temp macro sw_months(a, b) as
  (year(b) - year(a)) * 12 + month(b) - month(a)
  - case when (year(b) - year(a)) * 12 + month(b) - month(a) > 0 and day(b) < day(a) then 1
         when (year(b) - year(a)) * 12 + month(b) - month(a) < 0 and day(b) > day(a) then -1
         else 0 end;
create or replace temp macro sw_per(amount, n) as
  case when n <> 0 then (amount - ((amount % n + n) % n)) // n end;
create or replace temp macro sw_whole(x) as cast(round(x, 0) as bigint);
with
medical_bill_by_resident as (
  select household_no, resident_key,
         coalesce(sum(("total_fen" - "reimbursed_fen")) filter (where "settled_on" between date '2022-07-01' and date '2023-06-30' and (("visit_code" = '1'))), 0) as "raw self_paid_12m_fen"
  from read_parquet(['LAKE/medical_bill/990101/HASH.parquet', 'LAKE/medical_bill/990102/HASH.parquet'])
  group by household_no, resident_key),
school_roster_by_resident as (
  select household_no, resident_key,
         coalesce(bool_or("is_enrolled"), false) as "raw is_enrolled"
  from read_parquet(['LAKE/school_roster/990101/HASH.parquet', 'LAKE/school_roster/990102/HASH.parquet'])
  group by household_no, resident_key),
r0 as (
  select r.*,
         x."household.is_monitored",
         coalesce("raw is_enrolled", false) as "is_enrolled",
         ((("member_from" is null) or ("member_from" <= date '2023-06-30')) and (("member_to" is null) or ("member_to" > date '2023-06-30'))) as "is_member",
         coalesce("raw self_paid_12m_fen", 0) as "self_paid_12m_fen",
         ((("is_member" and (sw_age("born_on", date '2023-06-30') between 6 and 15)) and (not "is_enrolled")) and (not coalesce("household.is_monitored", false))) as "is_child_out_of_school"
  from read_parquet(['LAKE/resident/990101/HASH.parquet', 'LAKE/resident/990102/HASH.parquet']) as r
  left join (select household_no as x_household_no, "is_monitored" as "household.is_monitored" from read_parquet(['LAKE/household/990101/HASH.parquet', 'LAKE/household/990102/HASH.parquet'])) as x
         on x.x_household_no = r.household_no
  left join school_roster_by_resident using (household_no, resident_key)
  left join medical_bill_by_resident using (household_no, resident_key)),
c0 as (
  select household_no,
         count(*) as "raw member_count",
         coalesce(sum("self_paid_12m_fen"), 0) as "raw household_self_paid_fen"
  from r0
  group by household_no),
h0 as (
  select h.*,
         coalesce("raw member_count", 0) as "member_count",
         coalesce("raw household_self_paid_fen", 0) as "household_self_paid_fen",
         sw_per("income_fen", "member_count") as "income_per_person_fen"
  from read_parquet(['LAKE/household/990101/HASH.parquet', 'LAKE/household/990102/HASH.parquet']) as h
  left join c0 using (household_no))
select distinct household_no, rule from (
select household_no, 'child_out_of_school' as rule from r0 where "is_child_out_of_school"
union all
select household_no, 'low_income' as rule from h0 where (("income_per_person_fen" < 550000) and ("member_count" > 0))
union all
select household_no, 'spending_high' as rule from h0 where (("household_self_paid_fen" > 550000) and (not coalesce("is_monitored", false)))
)
order by household_no, rule;
