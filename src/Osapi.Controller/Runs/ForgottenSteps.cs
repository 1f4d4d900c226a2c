using Osapi.Operations.Runs;

namespace Osapi.Controller.Runs;

/// <summary>Steps that nobody owes any more.</summary>
/// <param name="Plan">The name of the plan.</param>
/// <param name="Steps">The steps.</param>
internal sealed record ForgottenSteps(string Plan, IReadOnlyList<OwedStep> Steps);
