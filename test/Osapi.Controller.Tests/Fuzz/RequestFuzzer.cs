using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Controller.Tests.Fuzz;

/// <summary>
/// Creates requests, byte by byte, that a client could send by mistake or on purpose. The same seed and number create
/// the same request.
/// </summary>
internal sealed class RequestFuzzer(int seed, string token)
{
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "G\0T", "", new('M', 40)];

    private static readonly string[] Segments =
    [
        "", ".", "..", "%2e%2e", "%2F", "a%2Fb", "%00", "\0", "a%00b", "%", "%zz", "%ff%fe", "%C0%AF", "%u0041", "a b", "a%20b", "+", "*", "%E2%80%AE", "\xc3\xa4", "\xff\xfe", "_any", "_all", "_ALL",
        "web-01", "web-02", "web-99", "group:web", "group:", ":", "0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10", "00000000-0000-0000-0000-000000000000", "-rf", "$(reboot)", ";", "a;b=c", "@fact.os.name",
        "events", "content", new('a', 255), new('a', 256), new('a', 4096), string.Concat(Enumerable.Repeat("%C3%A4", 128)), string.Concat(Enumerable.Repeat("a/", 60)),
    ];

    private static readonly string[] Queries =
    [
        "", "?", "&", "=", "a", "a=", "=b", "limit=1", "limit=1.0", "limit=-1", "limit=99999999999999999999", "limit=1&limit=2", "cursor=0", "cursor=9007199254740991", "offset=2147483647", "status=%00", "status=failed",
        "since=x", "since=2026-11-01T12:00:00Z", "until=9999-12-31T23:59:59.9999999Z", "since=0001-01-01T00:00:00%2B14:00", "check=true", "check=maybe", "start_within=1", "start_within=1e9", "start_within=NaN", "cancel_on_disconnect=true",
        "force=true", "force=%ff", "retry_of=x", "hostname=%E0%80", "%00=%00", "%zz=1", "\xff=\xff", "operation=" + new string('x', 300),
    ];

    private static readonly string[] Headers =
    [
        "Content-Encoding: gzip", "Content-Encoding: identity", "Content-Type: text/plain", "Content-Type: application/json; charset=utf-7", "Content-Type: ;", "Content-Type: multipart/form-data", "Content-Type: multipart/form-data; boundary=",
        "Content-Type: multipart/form-data; boundary=\"b", "Content-Type: multipart/form-data; boundary=" + new string('b', 200), "Content-Type: \xff", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip", "Expect: 100-continue", "Expect: x",
        "Connection: Upgrade", "Upgrade: h2c", "Range: bytes=0-1", "If-None-Match: *", "Last-Event-ID: 1", "Last-Event-ID: -1", "Last-Event-ID: 99999999999999999999999", "Last-Event-ID: 9223372036854775807", "Prefer: respond-async",
        "Prefer: ,;=", "Idempotency-Key: x", "Idempotency-Key: \"0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f77\"", "Idempotency-Key: 00000000-0000-0000-0000-000000000000", "Host: \xff", "Host: a/b", "Host:", "Cookie: " + new string('c', 3000), ": x", "No colon",
        "X\0Y: z", "X-Y: \0", " folded", "Accept: */*;q=x", "Authorization: Basic eA==", "Authorization: Bearer x", "Authorization: Bearer a.b.c", "Content-Length: -1", "Content-Length: 5", "Content-Length: 99999999999999999999", "X-Forwarded-For: ::",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "1", "1.0", "-0.0", "1e3", "1e999", "-1e-999", "9223372036854775807", "9223372036854775808", "1.5", "NaN", "\"\"", "\"a\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "\"\xff\"", "\"@fact.os.name\"", "\"@fact.none\"", "\"..\"",
        "[]", "[null]", "[1.0,2]", "[\"\"]", "[[]]", "{}", "{\"\":null}", "{\"a\":1,\"a\":2}", "{\"a\":{\"a\":null}}", "{\"A=B\":\"c\"}", "01", "'a'", "/*c*/1", "1,", "\"", "\"" + new string('x', 5000) + "\"", new string('[', 100) + new string(']', 100),
        new('[', 3000), "\"\\u202e\\u0007\"",
    ];

    private static readonly IReadOnlyList<(string Method, string Path)> Others =
    [
        ("GET", "/job/events"), ("GET", "/job/0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10/events"), ("GET", "/file/app.conf/content"), ("GET", "/openapi.json"), ("GET", "/"), ("GET", "/nothing"), ("OPTIONS", "*"), ("GET", "http://x/health"),
    ];

    /// <summary>Creates the request of a number.</summary>
    public byte[] Make(int number)
    {
        Random random = new(seed + number);
        var operation = OperationCatalog.Default.ElementAt(random.Next(OperationCatalog.Default.Count));
        var (method, path) = random.Next(8) == 0 ? Pick(random, Others) : (operation.Route.Method, Calls.Path(operation, Pick(random, ["web-01", "_any", "_all", "group:web"])));
        var body = Body(random, operation);
        List<string> headers = ["Host: x", $"Authorization: Bearer {token}", $"Content-Type: {Calls.ContentType(operation)}"];
        for (var mutations = random.Next(4); mutations > 0; mutations--)
            switch (random.Next(7))
            {
                case 0:
                    method = Pick(random, Methods);
                    break;
                case 1 or 2:
                    path = Path(random, path);
                    break;
                case 3:
                    headers.Insert(random.Next(headers.Count + 1), Pick(random, Headers));
                    break;
                case 4:
                    headers.RemoveAt(random.Next(headers.Count));
                    if (headers.Count == 0)
                        headers.Add("X: y");
                    break;
                default:
                    body = Bytes(random, body);
                    break;
            }

        if (random.Next(4) == 0)
            path += $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Pick(random, Queries)}";
        var framed = Framed(random, headers, body);
        var version = random.Next(50) == 0 ? Pick(random, ["HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", ""]) : "HTTP/1.1";
        var text = $"{method} {path} {version}\r\n{string.Join("\r\n", headers)}\r\n\r\n{framed}";
        return Encoding.Latin1.GetBytes(text);
    }

    private static string Path(Random random, string path)
    {
        var segments = path.Split('/').ToList();
        switch (random.Next(4))
        {
            case 0:
                segments.Insert(random.Next(segments.Count + 1), Pick(random, Segments));
                break;
            case 1 when segments.Count > 1:
                segments.RemoveAt(random.Next(segments.Count));
                break;
            default:
                segments[random.Next(segments.Count)] = Pick(random, Segments);
                break;
        }

        return string.Join('/', segments);
    }

    private static string Body(Random random, Operation operation)
    {
        if (operation.Route.IsForm)
            return Form(random);
        if (!operation.Route.HasBody)
            return random.Next(10) == 0 ? "{}" : "";
        var text = Calls.Body(operation)!;
        for (var members = random.Next(3); members > 0; members--)
        {
            var name = random.Next(6) == 0 || operation.RequestInfo.Properties.Count == 0 ? Pick(random, ["", "a", "job_id", new('n', 300)]) : Pick(random, [.. operation.RequestInfo.Properties.Select(property => property.Name)]);
            text = Member(random, text, name);
        }

        // The bytes are written in Latin-1 at the end.
        return Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
    }

    private static string Member(Random random, string json, string name)
    {
        var value = Pick(random, Values);
        // As text: not every request can be parsed.
        if (random.Next(3) == 0 || json.Length < 3)
            return $"{{\"{name}\":{value}{(json.Length > 2 ? "," : "")}{json[1..]}";
        try
        {
            var members = JsonNode.Parse(json)!.AsObject();
            members[name] = "PLACE";
            return members.ToJsonString().Replace("\"PLACE\"", value, StringComparison.Ordinal);
        }
        catch (Exception)
        {
            return json;
        }
    }

    private static string Form(Random random)
    {
        StringBuilder form = new();
        string[] names = ["name", "file", "content_type", "force", "path", "", "x", new('p', 300)];
        string[] dispositions = ["form-data", "attachment", "", "form-data; name", "\xff"];
        string[] values = ["app.conf", "raw", "", new('n', 255), new('n', 256), new('n', 5000), "../x", "a\0b", "\xff\xfe", "\xc3\xa4", "true"];
        foreach (var name in random.Next(3) == 0 ? [Pick(random, names), Pick(random, names), Pick(random, names)] : (string[])["name", "content_type", "file"])
        {
            form.Append(CultureInfo.InvariantCulture, $"--b\r\n{(random.Next(20) == 0 ? "Content-Type" : "Content-Disposition")}: {(random.Next(15) == 0 ? Pick(random, dispositions) : "form-data")}; name=\"{name}\"");
            if (name == "file" && random.Next(2) == 0)
                form.Append(CultureInfo.InvariantCulture, $"; filename=\"{Pick(random, values)}\"");
            if (random.Next(20) == 0)
                form.Append("\r\n").Append(Pick(random, ["X: y", "no colon", ": ", new('h', 20_000), "Content-Disposition: form-data; name=again", "\0"]));
            form.Append("\r\n\r\n").Append(name == "content_type" && random.Next(2) == 0 ? "raw" : Pick(random, values)).Append(random.Next(30) == 0 ? "\n" : "\r\n");
        }

        return form.Append(Pick(random, ["--b--\r\n", "--b--", "--b--\r\n", "--b--\r\n", "--b", "", "--b--\r\nrest"])).ToString();
    }

    private static string Bytes(Random random, string body)
    {
        if (body.Length == 0)
            return Pick(random, ["", "{", "[]", "\xef\xbb\xbf{}", "\0", "null", "\xff", "{}{}"]);
        var at = random.Next(body.Length);
        return random.Next(4) switch
        {
            0 => body[..at],
            1 => body[..at] + (char)random.Next(256) + body[(at + 1)..],
            2 => body[..at] + (char)random.Next(256) + body[at..],
            _ => body[..at] + body[random.Next(at, body.Length)..],
        };
    }

    private static string Framed(Random random, List<string> headers, string body)
    {
        switch (random.Next(20))
        {
            case < 12:
                headers.Add($"Content-Length: {body.Length}");
                return body;
            case 12:
                headers.Add($"Content-Length: {body.Length + random.Next(1, 100)}");
                return body;
            case 13:
                headers.Add($"Content-Length: {random.Next(body.Length + 1)}");
                return body;
            case 14:
                return body;
            default:
                headers.Add("Transfer-Encoding: chunked");
                return Chunks(random, body);
        }
    }

    private static string Chunks(Random random, string body)
    {
        StringBuilder chunks = new();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, random.Next(1, 200));
            var size = random.Next(25) == 0 ? Pick(random, ["zz", "-1", "FFFFFFFFFFFFFFFF", "7FFFFFFF", "", "0x5", new('0', 40), "5\n"]) : $"{length:x}";
            chunks.Append(size).Append(random.Next(20) == 0 ? ";ext=\"\xff\"" : "").Append("\r\n").Append(body, at, length).Append(random.Next(40) == 0 ? "x" : "\r\n");
            at += length;
        }

        return chunks.Append(Pick(random, ["0\r\n\r\n", "0\r\n\r\n", "0\r\n\r\n", "0\r\n\r\n", "0\r\nX: y\r\n\r\n", "0\r\nno colon\r\n\r\n", "0", "", "g\r\n"])).ToString();
    }

    private static T Pick<T>(Random random, IReadOnlyList<T> from) => from[random.Next(from.Count)];
}
