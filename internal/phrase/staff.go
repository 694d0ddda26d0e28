package phrase

var staffPhrases = map[string]Text{
	"staff.may-not": {
		"Peran {role} tidak boleh melakukan ini. Mintalah kepada team leader atau administrator.",
		"The role {role} may not do this. Ask a team leader or the administrator."},
	"staff.nobody": {
		"Orang itu tidak ada. Periksa loginnya.",
		"There is no such person. Check the login."},
	"staff.no-team": {
		"Tim itu tidak ada. Pilih tim dari daftar.",
		"There is no such team. Choose one from the list."},
	"staff.team-name": {
		"Nama tim 1 sampai 60 karakter. Perbaiki namanya.",
		"A team name has 1 to 60 characters. Correct the name."},
	"staff.login": {
		"Login 1 sampai 32 karakter: huruf kecil, angka, titik, garis bawah atau tanda hubung, diawali huruf atau angka.",
		"A login has 1 to 32 characters: lower-case letters, digits, dot, underscore or hyphen, beginning with a letter or digit."},
	"staff.login-taken": {
		"Login {login} sudah dipakai. Pilih login lain.",
		"The login {login} is taken. Choose another."},
	"staff.name": {
		"Nama 1 sampai 100 karakter tanpa karakter kendali. Perbaiki namanya.",
		"A name has 1 to 100 characters and no control characters. Correct the name."},
	"staff.role": {
		"Peran \"{role}\" tidak dikenal. Pilih salah satu: {roles}.",
		"The role \"{role}\" is not known. Choose one of: {roles}."},
	"staff.skill": {
		"Skill paling banyak 16 huruf, angka atau tanda hubung, misalnya T2O.",
		"A skill has at most 16 letters, digits or hyphens, for example T2O."},
	"staff.email": {
		"Alamat e-mail itu tidak benar. Tulis satu alamat saja, misalnya nama@contoh.co.id.",
		"That e-mail address is not right. Write one address only, like name@example.com."},
	"staff.feed-password": {
		"Feed adalah mesin: ia masuk dengan token, tanpa sandi. Buat token dengan `sapa token create`.",
		"A feed is a machine: it comes in by token, without a password. Make one with `sapa token create`."},
	"staff.password-needed": {
		"Orang ini perlu sandi. Beri lewat masukan standar dengan --password-stdin.",
		"This person needs a password. Give it on standard input with --password-stdin."},
	"staff.password-text": {
		"Sandi harus teks biasa (UTF-8) tanpa karakter NUL. Ketik ulang.",
		"A password must be plain text (UTF-8) without NUL characters. Type it again."},
	"staff.password-short": {
		"Sandi terlalu pendek: paling sedikit {min} karakter. Beberapa kata berturut-turut mudah diingat.",
		"The password is too short: at least {min} characters. A few words in a row are easy to remember."},
	"staff.password-long": {
		"Sandi terlalu panjang: paling banyak {max} bita. Perpendek sandinya.",
		"The password is too long: at most {max} bytes. Shorten it."},
	"staff.password-common": {
		"Sandi ini yang pertama ditebak orang. Pilih yang lain.",
		"This password is among the first anybody guesses. Choose another."},
	"staff.last-admin": {
		"Ini administrator terakhir. Angkat administrator lain lebih dahulu.",
		"This is the last administrator. Make somebody else administrator first."},
	"staff.wrong": {
		"Login atau sandi salah. Coba lagi, atau minta sandi baru kepada administrator.",
		"The login or the password is wrong. Try again, or ask the administrator for a new password."},
	"staff.slow-down": {
		"Terlalu banyak percobaan dari sini. Coba lagi dalam {seconds} detik.",
		"Too many tries from here. Try again in {seconds} seconds."},
	"staff.crowd": {
		"Terlalu banyak orang masuk bersamaan. Coba lagi beberapa detik lagi.",
		"Too many people are signing in at once. Try again in a few seconds."},
	"staff.suspended": {
		"Akun ini dinonaktifkan. Hubungi administrator.",
		"This account is suspended. Ask the administrator."},
	"staff.signed-out": {
		"Anda sudah keluar. Masuk lagi untuk melanjutkan; draf Anda tersimpan.",
		"You are signed out. Sign in to go on; your drafts are kept."},
	"staff.idle": {
		"Anda keluar otomatis karena 15 menit tanpa kegiatan. Masuk lagi untuk melanjutkan; draf Anda tersimpan.",
		"You were signed out after 15 minutes without activity. Sign in to go on; your drafts are kept."},
	"staff.token": {
		"Token tidak berlaku. Kirim token yang masih berlaku di kepala Authorization: Bearer.",
		"The token is not valid. Send one that is in the Authorization: Bearer header."},
	"staff.ttl": {
		"Masa berlaku token antara {min} dan {max}. Ubah --ttl.",
		"A token lives between {min} and {max}. Change --ttl."},
	"staff.no-link": {
		"Tautan ini tidak berlaku (lagi). Jalankan ulang `sapa serve` di mesin ini untuk tautan baru, bila belum ada administrator.",
		"This link is not valid (any more). Start `sapa serve` again on this machine for a new one, if there is no administrator yet."},
	"staff.mix-agent": {
		"Hanya agent yang mendapat campaign. Pilih seorang agent.",
		"Only agents are given campaigns. Choose an agent."},
	"staff.presence": {
		"Status itu tidak dikenal. Pilih salah satu yang ditawarkan.",
		"That state is not known. Choose one on offer."},
	"staff.first-link": {
		"Belum ada administrator. Buka tautan ini sekali, dari mesin ini: {link}",
		"There is no administrator yet. Open this link once, from this machine: {link}"},
	"staff.confirm-wrong": {
		"Kata sandi salah; tidak ada yang ditandatangani. Ketik lagi.",
		"Wrong password; nothing was signed. Type it again."},
	"staff.confirm-again": {
		"Kata sandi perlu dimasukkan lagi: sudah lewat satu menit, atau akun Anda berubah sementara itu.",
		"The password is needed again: a minute has passed, or your account has changed meanwhile."},
	"staff.confirm-person": {
		"Tanda tangan harus atas nama orang. Masuk dengan login sendiri.",
		"A signature needs a person. Sign in with a login of your own."},
}
