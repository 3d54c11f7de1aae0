/** The stems and whole passwords guessed first, in lower case. `passwordWeakness` strips digits and signs around them. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `password passwort passw0rd p@ssw0rd p@ssword passphrase mypassword newpassword thepassword password1234 passwordpassword
  qwerty qwertyuiop qwertzuiop qwerty12345 1q2w3e4r5t 1qaz2wsx3edc zaq12wsxcde asdfghjkl asdfghjkl1 zxcvbnm zxcvbnmasd
  qazwsxedc qazwsxedcrfv letmein letmeinnow letmein12345 welcome welcomeback welcome12345 iloveyou iloveyousomuch ilovemyself
  administrator admin adminadmin admin12345 administrator1 root rootroot superuser changeme changemenow changeit default
  secret secretsecret topsecret trustno sunshine princess football baseball basketball superman batman spiderman starwars
  dragon monkey shadow master michael jennifer jessica charlie whatever trustnoone computer internet samsung liverpool
  manchester chelsea arsenal barcelona realmadrid pokemon pokemon12345 butterfly chocolate strawberry blink mynameis
  abcdefghij abcdefghijk abcd1234efgh abc123abc123 123abc123abc 1234qwerasdf q1w2e3r4t5 q1w2e3r4t5y6 1q2w3e4r5t6y
  0123456789 1234567890 12345678910 123456789a 123456789q 1234567890a 0987654321 9876543210 1111111111 123123123123
  1234512345 112233445566 11223344556677 1212121212 123454321 12344321123 gfhjkm ghbdtn backup backupbackup buylink
  buylinkbuylink storage customer reseller company testtest testpassword test12345678 guest guestguest demo demodemo
  hallo hallohallo schatz geheim passwort12345 willkommen sommer winter fruhling herbst summer spring autumn password01`
    .trim()
    .split(/\s+/),
)
