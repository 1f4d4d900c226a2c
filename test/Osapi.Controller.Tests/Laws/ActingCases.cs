using System.Text;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Tests.Laws;

/// <summary>The operations that the controller executes itself, each in the same fixture.</summary>
internal static class ActingCases
{
    /// <summary>The operations that are idempotent.</summary>
    public static IReadOnlyDictionary<string, Func<ControllerFixture, Task<ActingCase>>> Idempotent { get; } = new Dictionary<string, Func<ControllerFixture, Task<ActingCase>>>
    {
        ["file.upload"] = room => Task.FromResult(new ActingCase("file.upload", query => UploadAsync(room, query), () => StoreAsync(room, "another\n"))),
        ["agent.drain"] = async room =>
        {
            await room.AgentAsync("web-01");
            return new("agent.drain", query => room.PostAsync($"/agent/web-01/drain?{query}", """{"reason":"kernel update"}"""), () => DrainAsync(room, drained: false));
        },
        ["agent.undrain"] = async room =>
        {
            await room.AgentAsync("web-01");
            await DrainAsync(room, drained: true);
            return new("agent.undrain", query => room.PostAsync($"/agent/web-01/undrain?{query}"), () => DrainAsync(room, drained: true));
        },
        ["job.cancel"] = async room =>
        {
            await room.AgentAsync("web-01");
            var id = await room.SubmitAsync("web-01");
            // A cancelled job does not come back; there is another one to cancel.
            return new("job.cancel", query => room.PostAsync($"/job/{id}/cancel?{query}"), async () => id = await room.SubmitAsync("web-01"));
        },
    };

    /// <summary>
    /// The operations that are not idempotent but predictable: the thing that they remove exists, or it does not.
    /// </summary>
    public static IReadOnlyDictionary<string, Func<ControllerFixture, Task<ActingCase>>> Removing { get; } = new Dictionary<string, Func<ControllerFixture, Task<ActingCase>>>
    {
        ["file.delete"] = async room =>
        {
            await StoreAsync(room, "a\n");
            return new("file.delete", query => room.SendAsync("DELETE", $"/file/a?{query}"), () => StoreAsync(room, "a\n"));
        },
        ["job.delete"] = async room =>
        {
            using var agent = await room.AgentAsync("web-01");
            var id = await RunAsync(room, agent);
            return new("job.delete", query => room.SendAsync("DELETE", $"/job/{id}?{query}"), async () => id = await RunAsync(room, agent));
        },
        ["agent.remove"] = async room =>
        {
            var agent = await room.AgentAsync("web-01");
            await SilenceAsync(room, agent);
            return new("agent.remove", query => room.SendAsync("DELETE", $"/agent/web-01?{query}"), async () =>
            {
                await agent.RestartAsync($"{Guid.NewGuid()}");
                await SilenceAsync(room, agent);
            });
        },
    };

    private static Task<Answer> UploadAsync(ControllerFixture room, string query) =>
        room.SendAsync("POST", $"/file?force=true&{query}", "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\n\r\n--b--\r\n", contentType: "multipart/form-data; boundary=b");

    private static async Task StoreAsync(ControllerFixture room, string content) =>
        await room.Transport.Files.PutAsync("a", new MemoryStream(Encoding.UTF8.GetBytes(content)), "raw", room.TestTimeout);

    // As another controller does it.
    private static async Task DrainAsync(ControllerFixture room, bool drained)
    {
        var stored = await room.Transport.Roster.GetAsync("web-01", room.TestTimeout);
        RosterEntry entry = new() { Name = "web-01", Version = Roster.VersionOf(stored) + 1, Drain = drained ? new(room.Time.GetUtcNow()) : null };
        await room.Transport.Roster.PutAsync("web-01", Roster.Bytes(entry), stored?.Revision ?? 0, room.TestTimeout);
        await room.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("state").GetString() != "Ready" == drained);
    }

    private static async Task<string> RunAsync(ControllerFixture room, ScriptedAgent agent)
    {
        var id = await room.SubmitAsync("web-01");
        await agent.RunAsync(id, agent.Ok());
        await room.WaitForEndAsync(id);
        return id;
    }

    private static async Task SilenceAsync(ControllerFixture room, ScriptedAgent agent)
    {
        await agent.StopAsync();
        await room.WaitForAgentViewAsync("web-01", seen => seen.GetProperty("status").GetString() == "NotReady");
    }
}
