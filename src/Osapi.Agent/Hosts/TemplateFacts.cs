using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Osapi.Agent.Hosts;

/// <summary>What a template finds under <c>facts</c>.</summary>
internal static class TemplateFacts
{
    /// <summary>The facts of the host that cost nothing to know.</summary>
    public static JsonObject ReadFacts(this Host host) => new()
    {
        ["hostname"] = host.Name,
        ["architecture"] = Architecture,
        ["kernel_version"] = host.Read("/proc/sys/kernel/osrelease").Trim(),
        ["cpu_count"] = Environment.ProcessorCount,
    };

    // As uname(1) names it.
    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        var other => other.ToString().ToLowerInvariant(),
    };
}
