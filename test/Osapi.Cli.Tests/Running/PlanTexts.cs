using System.Text;

namespace Osapi.Cli.Tests.Running;

/// <summary>Plan files.</summary>
internal static class PlanTexts
{
    public static string QuickStart { get; } = Path.Combine(Programs.Repository, "examples", "quickstart.yaml");

    /// <summary>Creates tasks that depend on each other, so that the plan takes a while.</summary>
    public static string Chain(int length)
    {
        StringBuilder text = new("name: chain\ntasks:\n");
        for (var i = 0; i < length; i++)
            text.Append($"  - {{name: t{i}, op: node.uptime.get, target: _any{(i == 0 ? "" : $", depends_on: [t{i - 1}]")}}}\n");
        return text.ToString();
    }

    public static string One(string operation, string target = "_any") => $"name: one\ntasks:\n  - {{name: only, op: {operation}, target: {target}}}\n";
}
