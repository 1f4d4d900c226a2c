using Osapi.Agent.Jobs;
using Osapi.Controller;
using Osapi.Hosting;
using Osapi.Transport.Nats;

namespace Osapi.Cli.Settings;

/// <summary>One key of the configuration.</summary>
internal abstract class Setting(string key)
{
    /// <summary>Its place in the file: <c>controller.listen</c>.</summary>
    public string Key => key;

    /// <summary>The environment variable that sets it, too.</summary>
    public string Variable { get; init; } = "OSAPI_" + key.ToUpperInvariant().Replace('.', '_');

    /// <summary>The section of the file that it stands in; empty for one that stands alone.</summary>
    public string Section => key.LastIndexOf('.') is > 0 and var dot ? key[..dot] : "";

    /// <summary>What it is, in a sentence without a full stop.</summary>
    public required string Summary { get; init; }

    /// <summary>What counts when it is not given, in words.</summary>
    public required string Default { get; init; }

    /// <summary>What it can be, in words.</summary>
    public required string Range { get; init; }

    /// <summary>How its texts belong together.</summary>
    public SettingShape Shape { get; init; } = SettingShape.One;

    /// <summary>True for what is never shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Reads what was given; null and a problem for each text that is wrong.</summary>
    public abstract object? ReadAny(SettingValue given, List<string> problems);

    /// <summary>Applies the value to the options of a node; the same options when it was not given, or when the node lacks the part that it is for.</summary>
    public abstract NodeOptions Apply(NodeOptions options, Configuration configuration);
}

/// <summary>How the texts of a setting belong together.</summary>
internal enum SettingShape
{
    /// <summary>One text.</summary>
    One,

    /// <summary>A list; separated by commas in a variable.</summary>
    List,

    /// <summary>Names with values; <c>name=value</c>, separated by commas, in a variable.</summary>
    Map,
}

/// <summary>One key of the configuration.</summary>
/// <param name="key">Its place in the file.</param>
/// <param name="read">Reads what was given, and adds what is wrong with it.</param>
internal sealed class Setting<T>(string key, Func<SettingValue, List<string>, T?> read) : Setting(key)
{
    /// <summary>The function that sets the value on a node's options; null for a setting that is not the node's.</summary>
    public Func<NodeOptions, T, NodeOptions>? ApplyToNode { get; init; }

    /// <summary>The function that sets the value on a controller's options.</summary>
    public Func<ControllerOptions, T, ControllerOptions>? ApplyToController { get; init; }

    /// <summary>The function that sets the value on an agent's options.</summary>
    public Func<AgentOptions, T, AgentOptions>? ApplyToAgent { get; init; }

    /// <summary>The function that sets the value on the options of the connection to the broker.</summary>
    public Func<NatsOptions, T, NatsOptions>? ApplyToNats { get; init; }

    public override object? ReadAny(SettingValue given, List<string> problems) => read(given, problems);

    public override NodeOptions Apply(NodeOptions options, Configuration configuration)
    {
        if (configuration.Get(this) is not { } value)
            return options;
        options = ApplyToNode?.Invoke(options, value) ?? options;
        return options with
        {
            Controller = options.Controller is { } controller ? ApplyToController?.Invoke(controller, value) ?? controller : null,
            Agent = options.Agent is { } agent ? ApplyToAgent?.Invoke(agent, value) ?? agent : null,
            Nats = options.Nats is { } nats ? ApplyToNats?.Invoke(nats, value) ?? nats : null,
        };
    }
}
