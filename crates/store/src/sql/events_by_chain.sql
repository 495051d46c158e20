-- The whole log, chain by chain, in the order in which each was written.
  select seq,
         chain,
         position,
         account,
         role,
         day,
         at_ms,
         register,
         record,
         household_no,
         action,
         before,
         after,
         hash,
         record_id
    from event
order by chain,
         position,
         seq
