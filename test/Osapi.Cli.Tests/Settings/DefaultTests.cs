using Osapi.Cli.Hosting;
using Osapi.Cli.Settings;
using Osapi.Hosting;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests that the defaults in the documentation are those of the code.</summary>
public sealed class DefaultTests
{
    private static readonly NodeOptions Defaults = NodeConfiguration.Read(Empty(), controller: true, agent: true, nats: true);

    private static Configuration Empty() => Configuration.Read(new Dictionary<Setting, SettingValue>(), "/dev/null", new Dictionary<string, string>());

    [Fact]
    public void The_defaults_of_a_controller()
    {
        var setup = Defaults.Controller!;

        Assert.Equal(Told(ControllerSettings.Listen), setup.Urls);
        Assert.Equal(Told(LimitSettings.RequestBytes), setup.MaxRequestBytes);
        Assert.Equal(Told(LimitSettings.UploadBytes), setup.MaxUploadBytes);
        Assert.Equal(Told(ControllerSettings.KeepJobs), setup.KeepJobs);
        Assert.Equal(Told(ControllerSettings.KeepAgents), setup.KeepAgents);
    }

    [Fact]
    public void The_defaults_of_a_controllers_limits()
    {
        var limits = Defaults.Controller!.Limits;

        Assert.Equal(Told(LimitSettings.SmallRequestBytes), limits.SmallRequestBytes);
        Assert.Equal(Told(LimitSettings.BodyTimeout), limits.BodyTimeout);
        Assert.Equal(Told(LimitSettings.BodyMemoryBytes), limits.BodyMemoryBytes);
        Assert.Equal(Told(LimitSettings.Connections), limits.MaxConnections);
        Assert.Equal(Told(LimitSettings.Requests), limits.MaxRequests);
        Assert.Equal(Told(LimitSettings.RequestsPerCaller), limits.MaxRequestsPerCaller);
        Assert.Equal(Told(LimitSettings.EventStreams), limits.MaxEventStreams);
        Assert.Equal(Told(LimitSettings.EventStreamsPerCaller), limits.MaxEventStreamsPerCaller);
        Assert.Equal(Told(LimitSettings.FailedLogins), limits.MaxFailedLogins);
    }

    [Fact]
    public void The_defaults_of_an_agent()
    {
        var setup = Defaults.Agent!;

        Assert.Equal(Told(AgentSettings.MaxJobs), setup.MaxJobs);
        Assert.Equal(Told(AgentSettings.MemoryPressure), setup.Conditions.MemoryPressure);
        Assert.Equal(Told(AgentSettings.HighLoad), setup.Conditions.HighLoad);
        Assert.Equal(Told(AgentSettings.DiskPressure), setup.Conditions.DiskPressure);
    }

    [Fact]
    public void The_defaults_of_the_broker()
    {
        var setup = Defaults.Nats!;

        Assert.Equal(Told(NatsSettings.Urls), setup.Urls);
        Assert.Equal(Told(NatsSettings.Prefix), setup.Prefix);
        Assert.Equal(Told(NatsSettings.InboxPrefix), setup.InboxPrefix);
        Assert.Equal(Told(NatsSettings.Replicas), setup.Replicas);
    }

    [Fact]
    public void The_default_of_trust() => Assert.Equal(Told(TrustSettings.Unsigned) == "allow", Defaults.Trust.AllowsUnsigned);

    private static T Told<T>(Setting<T> setting)
    {
        var text = setting.Default.Trim('`');
        return (T)setting.ReadAny(new(setting.Key, [new(text, setting.Key)]), [])!;
    }
}
