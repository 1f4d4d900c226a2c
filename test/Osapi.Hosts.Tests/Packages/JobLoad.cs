using System.Collections.Concurrent;
using Osapi.Client;
using Osapi.Operations;
using Osapi.Operations.Command;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Calls that run all the time, each with an id of its own that is sent again when a connection breaks, as the documents advise.</summary>
internal sealed class JobLoad(string socket, string token) : IDisposable
{
    /// <summary>The file in the host to which each job appends its number.</summary>
    public const string Record = "/root/ran";

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly OsapiClient client = OsapiClient.ForSocket(socket, token);
    private readonly ConcurrentBag<string> outcomes = [];
    private volatile bool stopping;
    private int expired;

    /// <summary>The outcome of each job that has ended.</summary>
    public IReadOnlyCollection<string> Outcomes => outcomes;

    /// <summary>The number of jobs that have ended.</summary>
    public int Ended => outcomes.Count;

    /// <summary>The number of jobs that expired, which never run: the same command was then sent as another job.</summary>
    public int Expired => expired;

    /// <summary>Runs jobs, several at once, until it is stopped; returns the number of jobs.</summary>
    public async Task<int> RunAsync(int atOnce, CancellationToken cancellationToken)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            while (!stopping)
                outcomes.Add(await RunOneAsync(Interlocked.Increment(ref next), cancellationToken));
        }));
        return next + 1;
    }

    /// <summary>Starts no further jobs.</summary>
    public void Stop() => stopping = true;

    /// <summary>Waits until a number of jobs have ended.</summary>
    public async Task EndedAsync(int count, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (Ended < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Bound, $"only {Ended} jobs have ended");
            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<string> RunOneAsync(int number, CancellationToken cancellationToken)
    {
        var id = JobId.New();
        ShellCommand command = new() { Command = $"sleep 0.1; echo {number} >> {Record}" };
        var begin = TimeProvider.System.GetTimestamp();
        var last = "";
        while (TimeProvider.System.GetElapsedTime(begin) < Bound)
        {
            try
            {
                var reply = await client.Command.ShellAsync(Target.Any, command, new() { JobId = id, StartWithin = TimeSpan.FromMinutes(1) }, cancellationToken);
                var host = Assert.Single(reply.Hosts);
                last = host.Outcome.ToString();
                if (host.Outcome != Outcome.Running)
                    return host.Outcome == Outcome.Ok ? last : $"{last}: {host.Error}";
            }
            catch (ServerException exception) when (exception.StatusCode == 504)
            {
                Interlocked.Increment(ref expired);
                id = JobId.New();
            }
            catch (Exception exception) when (exception is ConnectionException or ServerException { StatusCode: 503 })
            {
                last = exception.Message;
            }

            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
        }

        return $"no end: {last}";
    }
}
