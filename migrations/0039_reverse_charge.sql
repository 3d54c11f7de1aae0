-- A business of the country that gives a VAT id of the right form is charged nothing: it accounts for the tax itself.
alter table tax_rates add column reverse_charge boolean not null default false;
