namespace Osapi.Orchestrator.Tests.Scenarios;

/// <summary>The numbers of the reference's scenarios that a test covers.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ScenarioAttribute(int number) : Attribute
{
    public int Number => number;
}

public sealed class ScenarioTests
{
    [Fact]
    public void Every_scenario_of_the_reference_has_a_test()
    {
        var covered = typeof(ScenarioTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes(typeof(ScenarioAttribute), inherit: false))
            .Select(attribute => ((ScenarioAttribute)attribute).Number);

        Assert.Equal(Enumerable.Range(1, 100), covered.Order());
    }
}
