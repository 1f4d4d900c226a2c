namespace Osapi.Controller.Tests;

/// <summary>A test with a controller of its own, on a store of its own, with the agents of its class's setup.</summary>
public abstract class ControllerTest : IAsyncLifetime
{
    private readonly ControllerSetup setup;
    private protected ControllerFixture fixture = null!;

    /// <summary>A controller's connection to the store that the test can break, where it asks for one.</summary>
    private protected BrokenTransport connection = null!;

    /// <summary>The first agent of the setup.</summary>
    private protected ScriptedAgent agent = null!;

    private protected ControllerTest(ControllerSetup setup) => this.setup = setup;

    private protected ControllerTest(params IReadOnlyList<AgentSetup> agents) : this(new ControllerSetup { Agents = agents })
    {
    }

    public virtual async ValueTask InitializeAsync()
    {
        fixture = setup.HasBreakableConnection
            ? await ControllerFixture.OpenAsync(setup.Options, store => connection = new(store))
            : await ControllerFixture.OpenAsync(setup.Options);
        foreach (var each in setup.Agents)
        {
            var registered = await (each.Group is null ? fixture.AgentAsync(each.Name) : fixture.AgentAsync(each.Name, ("group", each.Group)));
            agent ??= registered;
            if (each.AnswersOk)
                registered.AnswersOk();
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (fixture is not null)
            await fixture.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
