namespace Osapi.Orchestrator.Tests;

public sealed class ExampleTests
{
    // This one needs a Docker engine: Osapi.Docker.Tests runs it.
    public static TheoryData<string> Names => [.. Examples.Examples.All.Keys.Where(name => name != "containers")];

    [Theory, MemberData(nameof(Names))]
    public async Task An_example_prints_what_it_shows(string name)
    {
        await using StringWriter output = new(), errors = new();

        Assert.Equal(0, await Examples.Examples.RunAsync([name], output, errors));
        Assert.Empty(errors.ToString());
        Approved.Match(output.ToString(), $"Example.{name}");
    }

    [Fact]
    public async Task Examples_are_listed()
    {
        await using StringWriter output = new(), errors = new();

        Assert.Equal(0, await Examples.Examples.RunAsync([], output, errors));
        Assert.Equal(2, await Examples.Examples.RunAsync(["nothing"], output, errors));
        Approved.Match($"{output}{errors}", "Examples");
    }
}
