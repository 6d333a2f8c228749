"""A hand-written client of the Messages API: asyncio, httpx, a semaphore of connections, answers appended as lines.

It keeps no ledger, checks no schema, honours no limit and syncs nothing: the least that such a client has to do.
"""

import asyncio
import json
import sys

import httpx

base, source, target, connections = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])


async def ask(client, room, record, out):
    async with room:
        answer = await client.post(
            f"{base}/v1/messages",
            headers={"x-api-key": "k", "anthropic-version": "2026-10-21"},
            json={
                "model": "claude-haiku-4-5",
                "max_tokens": 100,
                "messages": [{"role": "user", "content": f"<passage>{record['text']}</passage>"}],
            },
        )
        answer.raise_for_status()
        message = answer.json()
        summary = json.loads(message["content"][0]["text"])["summary"]
        out.write(json.dumps({**record, "summary": summary}) + "\n")


async def main():
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    room = asyncio.Semaphore(connections)
    async with httpx.AsyncClient(limits=limits, timeout=600) as client:
        with open(source) as lines, open(target, "w") as out:
            records = [json.loads(line) for line in lines]
            await asyncio.gather(*(ask(client, room, record, out) for record in records))


asyncio.run(main())
