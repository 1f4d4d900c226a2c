namespace Osapi.Operations;

/// <summary>The four ways to say which hosts a call is for.</summary>
public enum TargetKind
{
    /// <summary><c>_any</c>: exactly one host, whichever is free first.</summary>
    Any,

    /// <summary><c>_all</c>: every registered host.</summary>
    All,

    /// <summary>One host by its name.</summary>
    Host,

    /// <summary><c>key:value</c>: every host that carries the label.</summary>
    Label,
}
