namespace Osapi.Operations.Services;

/// <summary>The values shared by the examples and the time limits of the family.</summary>
internal static class ServiceExamples
{
    public const string Rights = "root: systemd lets others only read";

    public const string UnitPath = "/etc/systemd/system/example-web.service";

    /// <summary>The default number of seconds in which systemd must have done what an operation asks for.</summary>
    public const int Timeout = 90;

    /// <summary>The default number of seconds that a started service must stay up.</summary>
    public const int Settle = 2;

    public static UnitState Running => new() { ActiveState = "active", SubState = "running", EnabledState = "enabled" };

    public static UnitState Stopped => new() { ActiveState = "inactive", SubState = "dead", EnabledState = "enabled" };

    public static UnitState Disabled => Stopped with { EnabledState = "disabled" };

    /// <summary>Returns the time limit of an operation that starts a unit.</summary>
    public static TimeSpan LimitOf(int? timeout, int? settle) => TimeSpan.FromSeconds((timeout ?? Timeout) + (settle ?? Settle));
}
