-- Every reason of a closed lead, with the outcome.
insert into closing
       (lead_id,
        position,
        household_no,
        region,
        rule,
        resident_key,
        band,
        confirmed,
        closed_on,
        account)
select reason.lead_id,
       reason.position,
       lead.household_no,
       lead.region,
       reason.rule,
       reason.resident_key,
       reason.band,
       ?2,
       ?3,
       ?4
  from lead_reason reason
  join lead on lead.lead_id = reason.lead_id
 where reason.lead_id = ?1
