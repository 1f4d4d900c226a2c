using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Agents;
using Osapi.Controller.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Laws;

/// <summary>The operations that the controller executes itself, each in the same fixture.</summary>
internal static class ActingCases
{
    /// <summary>The operations that are idempotent.</summary>
    public static IReadOnlyDictionary<string, Func<ControllerFixture, Task<ActingCase>>> Idempotent { get; } = new Dictionary<string, Func<ControllerFixture, Task<ActingCase>>>
    {
        ["file.upload"] = fixture => Task.FromResult(new ActingCase("file.upload", query => UploadAsync(fixture, query), () => StoreAsync(fixture, "another\n"))),
        ["agent.drain"] = async fixture =>
        {
            await fixture.AgentAsync("web-01");
            return new("agent.drain", query => fixture.PostAsync($"/agent/web-01/drain?{query}", """{"reason":"kernel update"}"""), () => DrainAsync(fixture, drained: false));
        },
        ["agent.undrain"] = async fixture =>
        {
            await fixture.AgentAsync("web-01");
            await DrainAsync(fixture, drained: true);
            return new("agent.undrain", query => fixture.PostAsync($"/agent/web-01/undrain?{query}"), () => DrainAsync(fixture, drained: true));
        },
        ["token.revoke"] = fixture =>
        {
            var id = "first";
            return Task.FromResult(new ActingCase("token.revoke", query => fixture.PostAsync($"/token/revoke?{query}", $$"""{"id":"{{id}}"}"""), () =>
            {
                // What is revoked stays so; there is another token to revoke.
                id = $"{Guid.NewGuid()}";
                return Task.CompletedTask;
            }));
        },
        ["agent.enroll.accept"] = async fixture =>
        {
            await AskAsync(fixture, static entry => entry);
            return new("agent.enroll.accept", query => fixture.PostAsync($"/agent/web-01/accept?{query}", $$"""{"fingerprint":"{{Fingerprint}}"}"""),
                () => AskAsync(fixture, entry => entry with { RevokedAt = fixture.Time.GetUtcNow() }));
        },
        ["agent.enroll.reject"] = async fixture =>
        {
            await AskAsync(fixture, static entry => entry);
            return new("agent.enroll.reject", query => fixture.PostAsync($"/agent/web-01/reject?{query}", $$"""{"fingerprint":"{{Fingerprint}}"}"""),
                () => AskAsync(fixture, static entry => entry with { Rejected = null }));
        },
        ["job.cancel"] = async fixture =>
        {
            await fixture.AgentAsync("web-01");
            var id = await fixture.SubmitAsync("web-01");
            // A cancelled job does not come back; there is another one to cancel.
            return new("job.cancel", query => fixture.PostAsync($"/job/{id}/cancel?{query}"), async () => id = await fixture.SubmitAsync("web-01"));
        },
        ["run.cancel"] = async fixture =>
        {
            var id = await StartRunAsync(fixture, "deploy");
            return new("run.cancel", query => fixture.PostAsync($"/run/{id}/cancel?{query}"), async () => id = await StartRunAsync(fixture, $"deploy-{Guid.NewGuid()}"));
        },
        ["run.owed.forget"] = async fixture =>
        {
            await EndRunAsync(fixture, isOwing: true);
            return new("run.owed.forget", query => fixture.PostAsync($"/run/owed/forget?{query}", """{"plan":"deploy"}"""), () => EndRunAsync(fixture, isOwing: true));
        },
    };

    /// <summary>
    /// The operations that are not idempotent but predictable: the thing that they remove exists, or it does not.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<ControllerFixture, Task<ActingCase>>> Removing { get; } = new Dictionary<string, Func<ControllerFixture, Task<ActingCase>>>
    {
        ["file.delete"] = async fixture =>
        {
            await StoreAsync(fixture, "a\n");
            return new("file.delete", query => fixture.SendAsync("DELETE", $"/file/a?{query}"), () => StoreAsync(fixture, "a\n"));
        },
        ["job.delete"] = async fixture =>
        {
            using var agent = await fixture.AgentAsync("web-01");
            var id = await RunAsync(fixture, agent);
            return new("job.delete", query => fixture.SendAsync("DELETE", $"/job/{id}?{query}"), async () => id = await RunAsync(fixture, agent));
        },
        ["run.delete"] = async fixture =>
        {
            var id = await EndRunAsync(fixture, isOwing: false);
            return new("run.delete", query => fixture.SendAsync("DELETE", $"/run/{id}?{query}"), async () => id = await EndRunAsync(fixture, isOwing: false));
        },
        ["agent.remove"] = async fixture =>
        {
            var agent = await fixture.AgentAsync("web-01");
            await SilenceAsync(fixture, agent);
            return new("agent.remove", query => fixture.SendAsync("DELETE", $"/agent/web-01?{query}"), async () =>
            {
                await agent.RestartAsync($"{Guid.NewGuid()}");
                await SilenceAsync(fixture, agent);
            });
        },
    };

    private static AgentPublicKey Key { get; } = AgentKeys.Create().Public;

    private static string Fingerprint => Key.Fingerprint;

    // An agent asks to be enrolled, after another controller has changed its entry.
    private static async Task AskAsync(ControllerFixture fixture, Func<RosterEntry, RosterEntry> change)
    {
        await fixture.Controller.Services.GetRequiredService<RosterReconciler>().ChangeAsync("web-01", change, fixture.TestTimeout);
        Assert.True(fixture.Controller.Services.GetRequiredService<PendingEnrolments>().TryAdd(
            new() { Name = "web-01", Key = Key.ToString(), Nonce = "nonce" }, Key, size: 100, "it has no join token", isRejected: false, out _));
    }

    private static Task<Answer> UploadAsync(ControllerFixture fixture, string query) =>
        fixture.SendAsync("POST", $"/file?force=true&{query}", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\n\r\n--b--\r\n", contentType: "multipart/form-data; boundary=b");

    private static async Task StoreAsync(ControllerFixture fixture, string content) =>
        await fixture.Transport.Files.PutAsync("a", new MemoryStream(Encoding.UTF8.GetBytes(content)), "raw", fixture.TestTimeout);

    // As another controller does it.
    private static async Task DrainAsync(ControllerFixture fixture, bool drained)
    {
        var stored = await fixture.Transport.Roster.GetAsync("web-01", fixture.TestTimeout);
        RosterEntry entry = new() { Name = "web-01", Version = Roster.VersionOf(stored) + 1, Drain = drained ? new(fixture.Time.GetUtcNow()) : null };
        await fixture.Transport.Roster.PutAsync("web-01", Roster.Bytes(entry), stored?.Revision ?? 0, fixture.TestTimeout);
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() != "Ready" == drained);
    }

    private static async Task<string> RunAsync(ControllerFixture fixture, ScriptedAgent agent)
    {
        var id = await fixture.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await fixture.WaitForEndAsync(id);
        return id;
    }

    private static async Task<string> StartRunAsync(ControllerFixture fixture, string plan)
    {
        var id = $"{Guid.NewGuid()}";
        (await fixture.PostAsync("/run", $$"""{"id":"{{id}}","plan":"{{plan}}","hash":"{{new string('a', 64)}}","runner":"{{id}}","tasks":[{"name":"a","digest":"{{new string('a', 64)}}"}]}""")).Assert2xx(System.Net.HttpStatusCode.Accepted);
        return id;
    }

    private static async Task<string> EndRunAsync(ControllerFixture fixture, bool isOwing)
    {
        var id = await StartRunAsync(fixture, "deploy");
        var position = (await fixture.GetAsync($"/run/{id}")).Assert2xx().Json.GetProperty("position").GetInt64();
        (await fixture.PostAsync($"/run/{id}/journal", $$"""{"runner":"{{id}}","after":{{position}},"batch":"{{Guid.NewGuid()}}","entries":[{"kind":"over","status":"failed"{{(isOwing ? ""","owed":[{"task":"a"}]""" : "")}}}]}""")).Assert2xx();
        return id;
    }

    private static async Task SilenceAsync(ControllerFixture fixture, ScriptedAgent agent)
    {
        await agent.StopAsync();
        await fixture.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("status").GetString() == "NotReady");
    }
}
