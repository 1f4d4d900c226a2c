namespace Osapi.Controller.Tests.Attacks;

/// <summary>A message that an attacker publishes.</summary>
internal sealed record Attack(AttackKind Kind, string Mutation, string Subject, byte[] Payload);
