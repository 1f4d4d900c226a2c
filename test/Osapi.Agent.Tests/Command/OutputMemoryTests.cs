using Osapi.Operations.Command;

namespace Osapi.Agent.Tests.Command;

/// <summary>Tests of the memory that output takes, with nothing else running in the process.</summary>
[CollectionDefinition(nameof(OutputMemoryTests), DisableParallelization = true), Collection(nameof(OutputMemoryTests))]
public sealed class OutputMemoryTests
{
    [Fact]
    public async Task Output_beyond_the_limit_takes_no_memory()
    {
        using CommandFixture small = new() { Host = new() { Name = "here", OutputLimit = 1024 * 1024 } };
        await small.ResultAsync(new ShellCommand { Command = "head -c 2097152 /dev/zero" });
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var result = await small.ResultAsync(new ShellCommand { Command = "head -c 104857600 /dev/zero | tr '\\0' x" });

        Assert.True(result.StdoutTruncated);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 60_000_000);
    }
}
