using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Services and their unit files, each of a unit of its own.</summary>
internal sealed class RandomServices(Random random) : RandomKinds(random)
{
    private const string Units = "w0 w1 w2 w3 w4 w5 w6";

    /// <summary>Lines of shell that remove the units of the plan before.</summary>
    public const string Clearing = $"systemctl stop {Units} 2> /dev/null; rm -rf /etc/systemd/system/w[0-9].service* /run/systemd/system/w[0-9].service* /etc/systemd/system/*.wants/w[0-9].service; systemctl daemon-reload; systemctl reset-failed";

    /// <summary>Lines of shell that print the states of the units.</summary>
    public const string Listing = $"systemctl show -p Id,ActiveState,SubState,UnitFileState,LoadState,InvocationID,Nice,NeedDaemonReload {Units} | paste -s -d ' '";

    private const string Place = "/etc/systemd/system";
    private const string Header = "# Written by osapi for service.unit.update. Changes made by hand are overwritten.\n";
    private const string Sleeping = "[Service]\nExecStart=/bin/sleep infinity\n";
    private const string Installed = Sleeping + "[Install]\nWantedBy=multi-user.target\n";
    private const string Conditional = "[Service]\nExecStart=/bin/sh -c \"test -e /srv/p/may-run && exec sleep infinity\"\n[Install]\nWantedBy=multi-user.target\n";

    private int units;

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [State, Start, Stop, EnableOrDisable, Update, DropIn, Delete];

    private IEnumerable<RandomTask> State()
    {
        var (name, state, lines) = Unit();
        var masked = Pick<bool?>(null, null, true, false);
        UpdateServiceState request = new()
        {
            Name = name,
            State = masked == true ? DesiredServiceState.Stopped : Pick(DesiredServiceState.Running, DesiredServiceState.Stopped),
            Enabled = masked == true ? null : Pick<bool?>(null, true, false),
            Masked = masked,
            Settle = 0,
        };
        return [After(state, lines, ServiceOperations.UpdateState, request)];
    }

    private IEnumerable<RandomTask> Start()
    {
        var (name, state, lines) = Unit();
        return [After(state, lines, ServiceOperations.Start, new() { Name = name, Settle = 0 })];
    }

    private IEnumerable<RandomTask> Stop()
    {
        var (name, state, lines) = Unit();
        return [After(state, lines, ServiceOperations.Stop, new() { Name = name })];
    }

    private IEnumerable<RandomTask> EnableOrDisable()
    {
        var (name, state, lines) = Unit();
        return [Once(2) ? After(state, lines, ServiceOperations.Enable, new() { Name = name }) : After(state, lines, ServiceOperations.Disable, new() { Name = name })];
    }

    private IEnumerable<RandomTask> Update()
    {
        var (name, state, lines) = Unit();
        UpdateUnit request = new()
        {
            Name = name,
            Content = Pick(Installed, Installed, Sleeping, Sleeping + "# more\n[Install]\nWantedBy=multi-user.target\n", "[Service]\n"),
            Enabled = Pick<bool?>(null, null, true),
            RestartOnChange = OnceTrue(3),
            Force = OnceTrue(2),
        };
        return [After(state, lines, ServiceOperations.UpdateUnit, request)];
    }

    private IEnumerable<RandomTask> DropIn()
    {
        var (name, state, lines) = Unit();
        const string Content = "[Service]\nNice=5\n";
        var before = Pick<string?>(null, Header + Content, Header + "[Service]\nNice=4\n", Content);
        var file = $"{Place}/{name}.service.d/limits.conf";
        lines += before is null ? "" : $"; mkdir -p {Path.GetDirectoryName(file)}; {Written(file, before)}; systemctl daemon-reload";
        state = $"{state}, drop-in {Shown(before)}";
        return [Once(2)
            ? After(state, lines, ServiceOperations.UpdateUnit, new() { Name = name, DropIn = "limits.conf", Content = Content, Force = OnceTrue(2), RestartOnChange = OnceTrue(3) })
            : After(state, lines, ServiceOperations.DeleteUnit, new() { Name = name, DropIn = "limits.conf", Force = OnceTrue(2) })];
    }

    private IEnumerable<RandomTask> Delete()
    {
        var (name, state, lines) = Unit();
        return [After(state, lines, ServiceOperations.DeleteUnit, new() { Name = name, Force = OnceTrue(2) })];
    }

    private (UnitName Name, string State, string Lines) Unit()
    {
        var name = $"w{units++}";
        var file = $"{Place}/{name}.service";
        var isOurs = Once(2) ? Header : "";
        var state = Pick("missing", "stopped", "running", "enabled", "running and enabled", "without [Install]", "masked", "failed", "masked while it runs");
        var lines = state switch
        {
            "missing" => "true",
            "stopped" => Loaded(Installed),
            "running" => $"{Loaded(Installed)}; systemctl start {name}",
            "enabled" => $"{Loaded(Installed)}; systemctl enable -q {name}",
            "running and enabled" => $"{Loaded(Installed)}; systemctl enable -q --now {name}",
            "without [Install]" => Loaded(Sleeping),
            "masked" => $"systemctl mask -q {name}.service",
            "masked while it runs" => $"{Loaded(Sleeping)}; systemctl start {name}; mv {file} /run/systemd/system/; systemctl daemon-reload; systemctl mask -q {name}",
            // It would run now.
            _ => $"{Loaded(Conditional)}; systemctl start {name}; systemctl is-failed -q {name} || sleep 0.2; touch /srv/p/may-run",
        };
        return (name, isOurs.Length > 0 ? $"{name} is {state}, ours" : $"{name} is {state}", lines);

        string Loaded(string content) => $"{Written(file, isOurs + content)}; systemctl daemon-reload";
    }
}
