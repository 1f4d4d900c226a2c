using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Auth;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Broker;

/// <summary>Tests of revoked tokens on a real broker: controllers tell each other, and believe nobody else.</summary>
public sealed class RevocationBrokerTests : TrustedBrokerTest
{
    [Fact]
    public async Task Every_controller_knows_a_revocation_at_once_and_nobody_else_can_make_or_remove_one()
    {
        var first = await trust.StartControllerAsync("c1");
        var second = await trust.StartControllerAsync("c2");
        var stranger = await trust.ConnectAsync();
        var began = Stopwatch.GetTimestamp();

        await first.Client.Token.RevokeAsync(new() { Id = "lost" }, cancellationToken: Token);
        await WaitAsync(second, "lost");
        TestContext.Current.TestOutputHelper?.WriteLine($"known to the other controller after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");

        // Removed by somebody with access to the broker: it stays, and comes back.
        var entry = Assert.Single(await stranger.Roster.ListAsync(Token), each => each.Key.StartsWith(Roster.RevocationKeys, StringComparison.Ordinal));
        await stranger.Roster.DeleteAsync(entry.Key, Token);
        while (await stranger.Roster.GetAsync(entry.Key, Token) is not { Value.IsEmpty: false })
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Token);
        Assert.True(IsRevoked(first, "lost") && IsRevoked(second, "lost"));

        // Made by somebody: nobody is locked out.
        var forged = RevokedTokenSet.Create(new() { Id = "forged" }, "nobody", TimeProvider.System.GetUtcNow());
        await stranger.Roster.PutAsync(RevokedTokenSet.KeyOf(forged), RevokedTokenSet.Bytes(forged), null, Token);
        await first.Client.Token.RevokeAsync(new() { Id = "next" }, cancellationToken: Token);
        await WaitAsync(second, "next");
        Assert.False(IsRevoked(first, "forged") || IsRevoked(second, "forged"));

        // A controller that starts later, with a directory of its own, knows them as well.
        var third = await trust.StartControllerAsync("c3");
        Assert.True(IsRevoked(third, "lost") && IsRevoked(third, "next") && !IsRevoked(third, "forged"));
    }

    private static bool IsRevoked(RunningController controller, string id) => controller.Services.GetRequiredService<RevocationRegistry>().IsRevoked(id, null, TimeProvider.System.GetUtcNow());

    private async Task WaitAsync(RunningController controller, string id)
    {
        while (!IsRevoked(controller, id))
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
    }
}
