#!/usr/bin/env bash
# The peer of `cargo bench --bench delivery -- send`: nodemailer's pool with letters rendered by handlebars, to one smtp-sink.
# It keeps no record of what it sends. Needs node, npm with a registry, and smtp-sink (Debian's package postfix); the two
# packages go to a folder that is removed afterwards.
#
#   bash benches/peers.sh [letters] [sessions]
set -euo pipefail
letters=${1:-10000}
sessions=${2:-16}
sink=/usr/sbin/smtp-sink
port=${PORT:-8725}
for need in node npm "$sink"; do
    command -v "$need" > /dev/null || { echo "skipped: $need is not installed"; exit 0; }
done

folder=$(mktemp -d)
sink_id=
trap '[ -z "$sink_id" ] || kill "$sink_id"; rm -rf "$folder"' EXIT
cd "$folder"
echo '{"name": "peer", "private": true, "version": "1.0.0"}' > package.json
npm install --silent --no-audit --no-fund nodemailer@10 handlebars@4 > /dev/null

user=()
[ "$(id -u)" != 0 ] || user=(-u nobody)
"$sink" "${user[@]}" "127.0.0.1:$port" 256 > /dev/null 2>&1 &
sink_id=$!
until (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do sleep 0.1; done

cat > peer.js <<'JS'
const handlebars = require('handlebars');
const nodemailer = require('nodemailer');
const [letters, sessions, port] = process.argv.slice(2).map(Number);
const body = handlebars.compile(
    'Dear {{title}} {{name}},\n\n' + 'They are our neighbours, and they should\nnot be afraid to call for help.\n'.repeat(31) + '\n{{writer}}\n{{street}}, {{town}}\n',
    { noEscape: true },
);
const subject = handlebars.compile('Please support the bill, {{title}} {{name}}', { noEscape: true });
const pool = nodemailer.createTransport({
    pool: true, host: '127.0.0.1', port, ignoreTLS: true, maxConnections: sessions, maxMessages: 100,
});
let next = 0;
let sent = 0;
async function hand() {
    while (next < letters) {
        const n = next++;
        const words = { title: 'Rep', name: `Official ${n % 200}`, writer: 'Ana Example', street: '1 Main Street', town: 'Saltwick' };
        await pool.sendMail({
            from: { name: 'Ana Example via Bench', address: 'letters@bench.example' },
            replyTo: { name: 'Ana Example', address: `p${n % 1000}@example.org` },
            to: { name: words.name, address: `office${n % 200}@example.org` },
            subject: subject(words),
            text: body(words),
        });
        sent += 1;
    }
}
(async () => {
    const start = process.hrtime.bigint();
    await Promise.all(Array.from({ length: sessions }, hand));
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.log(`nodemailer ${require('nodemailer/package.json').version}, pool of ${sessions}, handlebars: ${Math.round(sent / seconds)} letters/s`);
    pool.close();
})();
JS
for _ in 1 2 3; do
    node peer.js "$letters" "$sessions" "$port"
done
