using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Osapi.Transport.Trust;

namespace Osapi.Bench;

/// <summary>The CPU time that the envelopes of one job cost: its record, command, start and end, sealed once and opened by each reader.</summary>
internal static class TrustCost
{
    private const int Rounds = 5;
    private const int Jobs = 5_000;
    private const string Job = "0199a6c1-7c1e-7000-8000-000000000001";

    public static void Run()
    {
        using var keys = ControllerKeys.Create();
        using var agentKeys = AgentKeys.Create();
        HostKeyTable hosts = new();
        hosts.Set(new("web-01", agentKeys.Public));
        using ControllerParty controller = new(keys, hosts, new());
        using AgentParty agent = new(agentKeys.DeriveHostSecret("web-01", keys.Public), keys.Public, new());
        Console.WriteLine("job                    us of CPU: lowest of 5 rounds, median");
        // The bare primitives beside it: how loaded the machine is shows in them as well.
        var (key, message, sealedMessage, tag, nonce) = (new byte[32], new byte[400], new byte[400], new byte[32], new byte[12]);
        using AesGcm cipher = new(key, 16);
        Report("one bare HMAC", () => HMACSHA256.HashData(key, message, tag));
        Report("one bare hash", () => SHA256.HashData(message, tag));
        Report("one bare AES-GCM", () => cipher.Encrypt(nonce, message, sealedMessage, tag.AsSpan(0, 16)));
        Report("one signature", () => keys.Sign(tag));
        var signature = keys.Sign(tag);
        Report("one check of it", () => keys.Public.Verify(tag, signature));
        Report("directed", () => Directed(controller, agent));
        var enrolled = 1;
        foreach (var count in (int[])[1, 8, 16, 20, 32, 64, 256, 1024])
        {
            for (; enrolled < count; enrolled++)
                hosts.Set(new($"web-{enrolled + 1}", agentKeys.Public));
            Report($"any host, {count} enrolled", () => ForAny(controller, agent));
        }
    }

    private static void Directed(ControllerParty controller, AgentParty agent)
    {
        Pass(EnvelopePlace.Jobs, $"job.{Job}", 400, controller, controller);
        Pass(EnvelopePlace.Commands, $"cmd.web-01.{Job}", 200, controller, agent);
        Pass(EnvelopePlace.Jobs, $"state.{Job}.web-01", 150, agent, controller);
        Pass(EnvelopePlace.Jobs, $"state.{Job}.web-01", 500, agent, controller);
    }

    private static void ForAny(ControllerParty controller, AgentParty agent)
    {
        Pass(EnvelopePlace.Jobs, $"job.{Job}", 400, controller, controller);
        Pass(EnvelopePlace.WorkQueue, "any", 200, controller, agent);
        Pass(EnvelopePlace.Jobs, $"state.{Job}._any", 150, agent, controller);
        Pass(EnvelopePlace.Jobs, $"state.{Job}._any", 500, agent, controller);
    }

    private static void Pass(EnvelopePlace place, string subject, int size, TrustParty writer, TrustParty reader)
    {
        var payload = writer.Seal(place, subject, Encoding.ASCII.GetBytes(new string('x', size)));
        if (reader.Open(place, subject, payload, time: null).Rejection is { } reason)
            throw new InvalidOperationException(reason);
    }

    private static void Report(string name, Action job)
    {
        List<double> costs = [];
        for (var round = 0; round <= Rounds; round++)
        {
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            for (var i = 0; i < Jobs; i++)
                job();
            costs.Add((Process.GetCurrentProcess().TotalProcessorTime - before).TotalMicroseconds / Jobs);
        }

        // The first one also compiles.
        costs.RemoveAt(0);
        costs.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-22} {costs[0],6:0.0} {costs[Rounds / 2],6:0.0}"));
    }
}
