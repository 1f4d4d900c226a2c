using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Client;
using Osapi.Operations;

namespace Osapi.Orchestrator.Tests.Operations;

/// <summary>Creates responses of a controller from lines such as <c>web-01 failed changed not_found</c>.</summary>
internal static class Answers
{
    public static string Job(string id, params IEnumerable<string> hosts) =>
        new JsonObject { ["job_id"] = id, ["results"] = new JsonArray([.. hosts.Select(Entry)]) }.ToJsonString();

    public static ApiException Refused(ApiException exception, string jobId, params IEnumerable<string> hosts)
    {
        IReadOnlyList<HostReply> results = [.. hosts.Select(host => HostReply.Read(JsonElement.Parse(Entry(host).ToJsonString())))];
        return exception switch
        {
            NotFoundException => new NotFoundException(exception.Message) { JobId = JobIds.Of(jobId), Hosts = results },
            _ => new ServerException(exception.StatusCode, exception.Message) { JobId = JobIds.Of(jobId), Hosts = results },
        };
    }

    private static JsonNode Entry(string line)
    {
        var words = line.Split(' ');
        JsonObject entry = new() { ["hostname"] = words[0], ["outcome"] = words[1], ["changed"] = words.Contains("changed") };
        if (words[1] == "ok")
            entry["bytes"] = 1;
        else
            entry["error"] = $"{words[0]} is {words[1]}";
        if (words[^1] is "not_found" or "invalid" or "timeout")
            entry["error_type"] = words[^1];
        return entry;
    }
}
