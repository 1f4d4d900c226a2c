using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Osapi.Controller.Tests.Fuzz;

/// <summary>Tests that arbitrary bytes from a caller are reported as the caller's error, and do not affect other callers.</summary>
public sealed class RequestFuzzTests() : ControllerTest(new ControllerSetup
{
    Options = options => options with { Limits = new() { MaxFailedLogins = int.MaxValue } },
    Agents = [new("web-01", Group: "web", AnswersOk: true), new("web-02")],
})
{
    private const int Callers = 8;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    [Fact]
    public async Task No_request_is_answered_with_500()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("OSAPI_TEST_SEED"), out var given) ? given : Random.Shared.Next(1_000_000_000);
        var count = IsFull ? 30_000 : 1_500;
        RequestFuzzer fuzzer = new(seed, fixture.Admin);
        ConcurrentDictionary<string, int> statuses = new();
        ConcurrentQueue<string> wrong = new();
        fixture.ExtendTimeout(TimeSpan.FromMinutes(IsFull ? 30 : 3));

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = fixture.TestTimeout }, async (number, token) =>
        {
            var request = fuzzer.Make(number);
            var answer = await AnswerAsync(request, token);
            var status = answer.Split(' ') is [var version, { Length: 3 } code, ..] && version.StartsWith("HTTP/", StringComparison.Ordinal) ? code : "none";
            statuses.AddOrUpdate(status, 1, (_, known) => known + 1);
            if (status == "500")
                wrong.Enqueue($"request {number}: {Shown(request)}\n{answer}");
        });

        var numbers = string.Join(", ", statuses.OrderBy(pair => pair.Key).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key}: {pair.Value}")));
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}, {count} requests; {numbers}");
        Assert.True(wrong.IsEmpty, $"OSAPI_TEST_SEED={seed}\n{string.Join("\n\n", wrong.Take(10))}\n{string.Join('\n', fixture.Logs.Lines.Where(line => line.Contains("failed unexpectedly", StringComparison.Ordinal)).Take(5))}");
        Assert.DoesNotContain(fixture.Logs.Lines, line => line.Contains("failed unexpectedly", StringComparison.Ordinal) || line.Contains("An unhandled exception", StringComparison.Ordinal));
        Assert.True(statuses.GetValueOrDefault("200") + statuses.GetValueOrDefault("202") > count / 10, numbers);
        using ControllerCalls afterwards = new(fixture.Http.BaseAddress!, fixture.Admin);
        Assert.Equal(System.Net.HttpStatusCode.OK, await afterwards.StatusAsync("/health", fixture.TestTimeout));
        // The earlier agents may have been removed.
        (await fixture.AgentAsync("web-03")).AnswersOk();
        Assert.Equal(System.Net.HttpStatusCode.OK, await afterwards.StatusAsync("/node/web-03/hostname", fixture.TestTimeout, respondAsync: false));
    }

    // The beginning of the response, up to the end of its head. An incomplete request is never answered, so the
    // connection is closed for sending after a moment.
    private async Task<string> AnswerAsync(byte[] request, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        client.NoDelay = true;
        await client.ConnectAsync(fixture.Http.BaseAddress!.Host, fixture.Http.BaseAddress.Port, cancellationToken);
        var stream = client.GetStream();
        StringBuilder answer = new();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            using (var shortTimeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                shortTimeout.CancelAfter(TimeSpan.FromMilliseconds(400));
                if (await ReadHeadAsync(stream, answer, shortTimeout.Token))
                    return answer.ToString();
            }

            client.Client.Shutdown(SocketShutdown.Send);
            await ReadHeadAsync(stream, answer, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // Closed in the middle: the part received so far counts.
        }

        return answer.ToString();
    }

    private static async Task<bool> ReadHeadAsync(NetworkStream stream, StringBuilder answer, CancellationToken cancellationToken)
    {
        const string Continue = "HTTP/1.1 100 Continue\r\n\r\n";
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
                if (answer.ToString().StartsWith(Continue, StringComparison.Ordinal))
                    answer.Remove(0, Continue.Length);
                if (answer.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
                    return true;
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static string Shown(byte[] request)
    {
        StringBuilder shown = new();
        foreach (var letter in Encoding.Latin1.GetString(request.AsSpan(0, Math.Min(request.Length, 1500))))
            if (letter is >= ' ' and <= '~' or '\n')
                shown.Append(letter);
            else if (letter != '\r')
                shown.Append(CultureInfo.InvariantCulture, $"\\x{(int)letter:x2}");
        return shown.ToString();
    }
}
