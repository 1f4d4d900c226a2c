using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Client.Tests;

/// <summary>Tests of large answers that a caller wants as they arrive.</summary>
public sealed class CopiedAnswerTests(ITestOutputHelper output)
{
    // Of one, two, three and four bytes of UTF-8, with a short escape, with a long one, and with a pair of them.
    private static readonly string[] Letters = ["a", "é", "€", "😀", "\"", "\\", "\n", "\u0001", "\u2028"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_are_copied_and_the_reply_has_the_beginning_of_each_text()
    {
        var seed = Environment.GetEnvironmentVariable("OSAPI_TEST_SEED") is { } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        output.WriteLine($"OSAPI_TEST_SEED={seed}");
        Random random = new(seed);
        for (var round = 0; round < 30; round++)
        {
            // Escaped in both ways: letters beyond ASCII as pairs of escapes, and as they are.
            JsonSerializerOptions options = new() { TypeInfoResolver = TextJson.Default, Encoder = round % 2 == 0 ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
            List<string> texts = [.. Enumerable.Range(0, 40).Select(_ => Text(random, random.Next(3) == 0 ? random.Next(900) : random.Next(60_000)))];
            var hosts = texts.Select((text, at) => $$"""{"hostname":"web-{{at}}","outcome":"ok","changed":true,"stdout":{{JsonSerializer.Serialize(text, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<string>)options.GetTypeInfo(typeof(string)))}},"exit_code":0}""");
            var json = $$"""{"job_id":"7e0a4a46-9f0e-4a26-8a3c-0d6f6a1b2c3d","results":[{{string.Join(',', hosts)}}]}""";

            var (reply, copied) = await SendAsync(json, random);

            Assert.Equal(json, Encoding.UTF8.GetString(copied));
            Assert.Null(reply.RawJson);
            Assert.Equal(texts.Count, reply.Hosts.Count);
            foreach (var (text, host) in texts.Zip(reply.Hosts))
            {
                var kept = host.Result!.Value.GetProperty("stdout").GetString()!;
                Assert.StartsWith(kept, text, StringComparison.Ordinal);
                Assert.InRange(kept.Length, Math.Min(text.Length, 150), 1100);
                Assert.Equal((Outcome.Ok, 0), (host.Outcome, host.Result.Value.GetProperty("exit_code").GetInt32()));
            }

            Assert.InRange(reply.Document.GetRawText().Length, 1, 40 * 1500);
        }
    }

    [Fact]
    public async Task A_small_one_is_returned_whole_and_not_copied()
    {
        const string Json = """{"job_id":"7e0a4a46-9f0e-4a26-8a3c-0d6f6a1b2c3d","results":[{"hostname":"web-01","outcome":"ok","changed":true,"stdout":"x","exit_code":0}]}""";

        var (reply, copied) = await SendAsync(Json, new(0));

        Assert.Equal((Json, 0), (reply.RawJson, copied.Length));
    }

    [Fact]
    public async Task One_that_breaks_off_is_a_connection_failure()
    {
        using OsapiClient client = new(new HttpClient(new ScriptedHandler(_ => new(HttpStatusCode.OK) { Content = new StreamContent(new BrokenStream(new string('x', 600_000))) })) { BaseAddress = new("http://controller/") });

        await Assert.ThrowsAsync<ConnectionException>(() => client.SendAsync(CommandOperations.Exec, new ExecCommand { Command = "true" }, Target.All, new() { ResponseCopy = static _ => { } }, Token));
    }

    private static string Text(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => Letters[random.Next(4) == 0 ? random.Next(Letters.Length) : 0]));

    private static async Task<(OperationReply Reply, byte[] Copied)> SendAsync(string json, Random random)
    {
        using MemoryStream copied = new();
        using OsapiClient client = new(new HttpClient(new ScriptedHandler(_ => new(HttpStatusCode.OK) { Content = new StreamContent(new ChoppedStream(Encoding.UTF8.GetBytes(json), random)) })) { BaseAddress = new("http://controller/") });
        var reply = await client.SendAsync(CommandOperations.Exec, new ExecCommand { Command = "true" }, Target.All, new() { ResponseCopy = bytes => copied.Write(bytes.Span) }, Token);
        return (reply, copied.ToArray());
    }

    // Returns parts of all sizes.
    private sealed class ChoppedStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + random.Next(random.Next(2) == 0 ? 7 : 50_000))], cancellationToken);
    }

    private sealed class BrokenStream(string begin) : MemoryStream(Encoding.UTF8.GetBytes(begin))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("the connection was reset");
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class TextJson : System.Text.Json.Serialization.JsonSerializerContext;
