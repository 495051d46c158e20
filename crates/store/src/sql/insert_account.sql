-- A new account; nothing happens where the name is taken.
insert into account
       (name,
        shown_name,
        role,
        region,
        department,
        password_hash,
        failures,
        locked_until_ms)
values (?1, ?2, ?3, ?4, ?5, ?6, 0, 0)
    on conflict (name) do nothing
