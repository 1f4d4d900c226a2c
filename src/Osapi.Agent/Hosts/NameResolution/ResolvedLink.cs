using System.Net;
using System.Text.Json;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.NameResolution;

/// <summary>
/// Reads the properties DNS and Domains of a link (org.freedesktop.resolve1(5)) as <c>busctl --json=short</c> prints them, one
/// line each: <c>{"type":"a(iay)","data":[[2,[192,0,2,53]]]}</c> and <c>{"type":"a(sb)","data":[["example.com",false]]}</c>.
/// </summary>
internal static class ResolvedLink
{
    public static DnsSettings Parse(string output)
    {
        try
        {
            List<string> servers = [], search = [], routing = [];
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                using var property = JsonDocument.Parse(line);
                var isServers = property.RootElement.GetProperty("type").GetString() == "a(iay)";
                foreach (var item in property.RootElement.GetProperty("data").EnumerateArray())
                    if (isServers)
                        servers.Add(new IPAddress([.. item[1].EnumerateArray().Select(part => part.GetByte())]).ToString());
                    else if (item[1].GetBoolean())
                        routing.Add("~" + item[0].GetString());
                    else
                        search.Add(item[0].GetString()!);
            }

            return new(servers, [.. search, .. routing], Persistent: false);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or FormatException or ArgumentException)
        {
            throw new OperationException(ErrorType.Failed, "the answer of systemd-resolved about the interface cannot be parsed: " + exception.Message.ReplaceLineEndings(" "));
        }
    }
}
