using Osapi.Cli.Tests.Running;
using Osapi.Cli.Yaml;

namespace Osapi.Cli.Tests;

/// <summary>Tests of the size of plan files.</summary>
public sealed class PlanFileSizeTests
{
    [Fact]
    public async Task A_file_larger_than_four_mebibytes_is_refused_whatever_it_is()
    {
        await using CliFixture fixture = new();
        var file = fixture.File("plan.yaml", new string('#', 4 * 1024 * 1024 + 1));

        Assert.Equal(["1:1: the file is larger than 4 MiB"], YamlFile.Load(file).Problems.Select(problem => problem.ToString()));
        Assert.Equal(["1:1: the file is larger than 4 MiB"], YamlFile.Load("/dev/zero").Problems.Select(problem => problem.ToString()));
    }
}
