using Osapi.Operations.Audit;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of the audit logs of two controllers on a real broker: each has the other's entries and vouches for them.</summary>
public sealed class AuditBrokerTests : TrustedBrokerTest
{
    [Fact]
    public async Task Each_controller_has_the_entries_of_the_others_and_shows_what_was_cut_from_them()
    {
        var first = await trust.StartControllerAsync("c1");
        var second = await trust.StartControllerAsync("c2");
        await first.Client.Token.RevokeAsync(new() { Id = "lost-laptop-7" }, cancellationToken: Token);

        var copied = await FindAsync(second, AuditKind.End);
        Assert.Equal((await FindAsync(first, AuditKind.End)).Id, copied.Id);
        Assert.Equal(copied.Id, (await second.Client.Audit.GetAsync(copied.Id!, cancellationToken: Token)).Entry.Id);
        var verdict = await second.Client.Audit.VerifyAsync(cancellationToken: Token);
        Assert.Equal((0, 2, 1), (verdict.ProblemCount, verdict.Chains.Count, verdict.Chains.Count(chain => chain.IsCopy)));
        // The entries are sealed: who may read the broker learns nothing from them.
        await AssertBrokerHasNotAsync("token.revoke");

        await parts.StopAsync(first);
        var file = Directory.EnumerateFiles(Path.Combine(parts.StateOf("c1"), "audit", copied.Controller!), "*.jsonl").Single();
        var lines = await File.ReadAllLinesAsync(file, Token);
        await File.WriteAllLinesAsync(file, lines[..^3], Token);

        // The others still have it, and its own controller says that it is gone.
        Assert.Equal(copied.Id, (await FindAsync(second, AuditKind.End)).Id);
        var again = await trust.StartControllerAsync("c1");
        var missing = await FindAsync(again, AuditKind.Missing, operation: null);
        Assert.Equal((copied.Controller, 3L), (missing.Controller, missing.Count));
        Assert.Contains((await again.Client.Audit.VerifyAsync(cancellationToken: Token)).Problems, problem => (problem.Controller, problem.Problem) == (copied.Controller, "missing"));
    }

    private async Task<AuditEntry> FindAsync(RunningController controller, AuditKind kind, string? operation = "token.revoke")
    {
        while (true)
        {
            if ((await controller.Client.Audit.ListAsync(new() { Kind = kind, Operation = operation }, cancellationToken: Token)).Items is [var entry, ..])
                return entry;
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token);
        }
    }
}
