namespace Osapi.Controller.Runs;

/// <summary>The wish that a run be cancelled.</summary>
/// <param name="By">The caller.</param>
internal sealed record CancelWish(string By);
