using PublicApiGenerator;

namespace Osapi.Orchestrator.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_checked_one() =>
        Approved.Match(typeof(Plan).Assembly.GeneratePublicApi(new() { IncludeAssemblyAttributes = false }), "PublicApi");

    [Fact]
    public void Nothing_is_written_to_a_console_or_a_log() =>
        Assert.DoesNotContain(typeof(Plan).Assembly.GetReferencedAssemblies(), assembly =>
            assembly.Name!.StartsWith("System.Console", StringComparison.Ordinal) || assembly.Name.Contains("Logging", StringComparison.Ordinal));
}
