-- The file :hash, if it was brought by :entered_by or by somebody who changed the record :id.
  with hand as (select account
                  from attachment
                 where hash = ?1
             union all
                select account
                  from attachment_hand
                 where hash = ?1)
select media,
       content
  from attachment
 where hash = ?1
   and exists (select 1
                 from hand
                where account = ?3
                   or account in (select account
                                    from event
                                   where record_id = ?2))
